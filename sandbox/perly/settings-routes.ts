import express, { type Request, Router } from 'express';
import { z } from 'zod';
import type { ApiAnswer, ApiClient } from './api-client.ts';
import {
  channelSchema,
  days,
  ownerSchema,
  type ShownChannel,
  type ShownLink,
  settingsPath,
} from './settings-page.ts';

const problem = z.object({
  title: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

export async function readSettings(
  api: ApiClient,
): Promise<{ channels: ShownChannel[]; links: ShownLink[] }> {
  const list = z
    .object({ channels: z.array(channelSchema) })
    .parse((await api('get', '/perly/channels')).body);
  // Versions are only in each channel's own answer.
  const channels = await Promise.all(
    list.channels.map(async (channel) => {
      const { etag } = await api('get', `/perly/channels/${channel.id}/rules`);
      return { ...channel, version: etag ?? '' };
    }),
  );
  const { links } = z
    .object({
      links: z.array(z.object({ workspace: z.object({ id: z.string(), name: z.string().nullable() }) })),
    })
    .parse((await api('get', '/perly/links')).body);
  const withOwners = links.map(async ({ workspace }) => {
    const { body } = await api('get', `/perly/links/${workspace.id}/owners`);
    return { ...workspace, owners: z.array(ownerSchema).parse(body.owners) };
  });
  return { channels, links: await Promise.all(withOwners) };
}

/** Each button makes one call of the settings API, and shows the page again. */
export function settingsRoutes(api: ApiClient): Router {
  const router = Router();
  const path = (req: Request) => `/perly/channels/${req.params.id}`;

  function on(name: string, what: (req: Request) => Promise<ApiAnswer>, done: (answer: ApiAnswer) => string) {
    router.post(`${settingsPath}/${name}`, express.urlencoded({ extended: false }), async (req, res) => {
      const answer = await what(req);
      const notice = answer.status < 300 ? done(answer) : explain(answer);
      res.redirect(303, `${settingsPath}?${new URLSearchParams({ notice })}`);
    });
  }

  on(
    'channels/:id/rules',
    (req) => {
      const form = new FormFields(req.body);
      return api('put', `${path(req)}/rules`, { body: toRules(form), ifMatch: form.one('version') });
    },
    () => 'Rules saved.',
  );
  on(
    'channels/:id/pause',
    (req) => api('put', `${path(req)}/pause`, { body: { until: 'until_resumed' } }),
    () => 'Paused.',
  );
  on(
    'channels/:id/resume',
    (req) => api('delete', `${path(req)}/pause`),
    () => 'Resumed.',
  );
  on(
    'channels/:id/test-alert',
    (req) => api('post', `${path(req)}/test-alert`),
    ({ body }) => `Test alert: ${body.result}.`,
  );
  on(
    'channels/:id/retry',
    (req) => api('post', `${path(req)}/failed-deliveries/retry`, { body: { ids: 'all' } }),
    ({ body }) => `Retried: ${body.retried}.`,
  );
  on(
    'channels/:id/disconnect',
    (req) => api('delete', path(req)),
    () => 'Disconnected.',
  );
  on(
    'links/:workspace/unlink',
    (req) => api('delete', `/perly/links/${req.params.workspace}`),
    () => 'Unlinked.',
  );
  on(
    'links/:workspace/owners/:owner',
    (req) => {
      const { workspace, owner = '' } = req.params;
      const at = `/perly/links/${workspace}/owners/${encodeURIComponent(String(owner))}`;
      const user = new FormFields(req.body).one('slack_user');
      return user === '' ? api('delete', at) : api('put', at, { body: { slack_user: user } });
    },
    () => 'Owner saved.',
  );
  return router;
}

/** Fields may occur once, repeatedly, or not at all. */
class FormFields {
  readonly #fields: Record<string, string[]>;

  constructor(body: unknown) {
    const fields = z.record(z.string(), z.union([z.string(), z.array(z.string())])).parse(body ?? {});
    this.#fields = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value].flat()]));
  }

  all(name: string): string[] {
    return this.#fields[name] ?? [];
  }

  one(name: string): string {
    return this.all(name)[0] ?? '';
  }
}

function toRules(form: FormFields): Record<string, unknown> {
  return {
    event_types: form.all('event_types'),
    risk_threshold: form.one('risk_threshold'),
    score_delta_minimum: Number(form.one('score_delta_minimum')),
    owners: toOwners(form.one('owners')),
    timing: toTiming(form),
    mention_owner: form.one('mention_owner') || undefined,
    repeat_after: form.one('repeat_after') || undefined,
    remind_after: form.one('remind_after') || undefined,
  };
}

/** `own_ana, own_ben`; anyone if it names nobody. */
function toOwners(named: string): string[] | 'anyone' {
  const ids = named.split(',').flatMap((id) => (id.trim() === '' ? [] : [id.trim()]));
  return ids.length === 0 ? 'anyone' : ids;
}

function toTiming(form: FormFields): unknown {
  const kind = form.one('timing');
  if (kind === 'at_once') return kind;
  const hoursOf = (day: string) => ({ start: form.one(`${day}_start`), end: form.one(`${day}_end`) });
  const dates = form
    .one('dates')
    .split(',')
    .filter((date) => date.trim() !== '');
  return {
    kind,
    time_zone: form.one('time_zone'),
    days: Object.fromEntries(
      Object.keys(days).flatMap((day) => (hoursOf(day).start === '' ? [] : [[day, hoursOf(day)]])),
    ),
    holidays: {
      country: form.one('country') || null,
      region: form.one('region') || null,
      dates: dates.map((each) => {
        const [date, until = null] = each.trim().split(' ');
        return { date, until };
      }),
    },
    ...(kind === 'business_hours' && { outside: form.one('outside') }),
  };
}

function explain({ body }: ApiAnswer): string {
  const { title, errors } = problem.parse(body);
  return [`${title}.`, ...errors.map(({ path, message }) => `${path} ${message}.`)].join(' ');
}
