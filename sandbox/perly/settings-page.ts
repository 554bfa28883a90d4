import { z } from 'zod';
import { escapeHtml } from '../slack/html.ts';
import type { ReceivedWebhook } from './webhooks.ts';

export const settingsPath = '/settings/notifications/slack';

const hours = z.object({
  kind: z.string(),
  time_zone: z.string(),
  days: z.record(z.string(), z.object({ start: z.string(), end: z.string() })),
  holidays: z.object({
    country: z.string().nullable(),
    region: z.string().nullable(),
    dates: z.array(z.object({ date: z.string(), until: z.string().nullable() })),
  }),
  outside: z.string().optional(),
});

export const channelSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(['active', 'paused', 'broken']),
  workspace: z.object({ id: z.string(), name: z.string().nullable() }),
  broken: z.object({ reason: z.string() }).nullable(),
  explanation: z.string(),
  rules: z.object({
    event_types: z.array(z.string()),
    risk_threshold: z.string(),
    score_delta_minimum: z.number(),
    owners: z.union([z.literal('anyone'), z.array(z.string())]),
    timing: z.union([z.literal('at_once'), hours]),
    mention_owner: z.string(),
    repeat_after: z.string(),
    remind_after: z.string(),
  }),
  counts: z.object({ held: z.number(), failed: z.number() }),
});

/** `version` is for changes of the rules. */
export type ShownChannel = z.infer<typeof channelSchema> & { version: string };

export const ownerSchema = z.object({ id: z.string(), name: z.string(), slack_user: z.string().nullable() });

export type ShownLink = {
  id: string;
  name: string | null;
  owners: readonly z.infer<typeof ownerSchema>[];
};

const eventTypes = {
  customer_at_risk: 'Customer at risk',
  expansion_signal: 'Expansion signal',
  health_score_drop: 'Health score drop',
  upsell_opportunity: 'Upsell opportunity',
  billing_retry_failed: 'Billing retry failed',
};
const levels = {
  low: 'All levels',
  medium: 'Medium and above',
  high: 'High and critical',
  critical: 'Critical',
};
const timings = {
  at_once: 'Off',
  business_hours: 'Outside business hours',
  daily_digest: 'One digest a day',
};
const mentions = { never: 'Never', high_and_critical: 'For high and critical risk', always: 'Always' };
const repeats = {
  at_once: 'Send each one',
  '1_hour': 'Not again within 1 hour',
  '6_hours': 'Not again within 6 hours',
  '1_day': 'Not again within 1 day',
  '7_days': 'Not again within 7 days',
};
const reminders = {
  never: 'Never',
  '15_minutes': 'After 15 minutes',
  '1_hour': 'After 1 hour',
  '4_hours': 'After 4 hours',
};
export const days = { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' };
const office = { start: '09:00', end: '17:00' };
const officeHours: z.infer<typeof hours> = {
  kind: 'at_once',
  time_zone: 'Europe/Berlin',
  days: { mon: office, tue: office, wed: office, thu: office, fri: office },
  holidays: { country: null, region: null, dates: [] },
};

export function renderSettings(shown: {
  accountName: string;
  notice: string | undefined;
  channels: readonly ShownChannel[];
  links: readonly ShownLink[];
  webhooks: readonly ReceivedWebhook[];
}): string {
  const { notice, channels, links, webhooks } = shown;
  return `<p>You are signed in to ${escapeHtml(shown.accountName)}.</p>
${notice === undefined ? '' : `<p role="status"><strong>${escapeHtml(notice)}</strong></p>`}
<p><a href="${settingsPath}/connect">Connect Slack</a></p>
<h2>Channels</h2>
${channels.length === 0 ? '<p>No channel is connected yet.</p>' : channels.map(renderChannel).join('\n')}
<h2>Workspaces</h2>
${links.length === 0 ? '<p>No workspace is linked yet.</p>' : `<ul>${links.map(renderLink).join('')}</ul>`}
<h2>Webhooks from the app</h2>
${webhooks.length === 0 ? '<p>Nothing yet.</p>' : `<ul>${webhooks.map(renderWebhook).join('')}</ul>`}
<p><a href="/">Back to the local Slack</a></p>`;
}

function renderChannel(channel: ShownChannel): string {
  const { id, name, status, broken, rules, counts, version } = channel;
  const at = `${settingsPath}/channels/${encodeURIComponent(id)}`;
  const state = broken === null ? status : `broken: ${broken.reason}`;
  const shown = rules.timing === 'at_once' ? officeHours : rules.timing;
  return `<section aria-label="${escapeHtml(name)}">
<h3>${escapeHtml(name)}</h3>
<p>${escapeHtml(channel.workspace.name ?? channel.workspace.id)} · ${escapeHtml(state)} · ${counts.held} held · ${counts.failed} failed</p>
<p>${escapeHtml(channel.explanation)}</p>
<form method="post" action="${at}/rules">
<input type="hidden" name="version" value="${escapeHtml(version)}">
<fieldset><legend>Events</legend>${checkboxes('event_types', eventTypes, rules.event_types)}</fieldset>
<label>Risk level ${select('risk_threshold', levels, rules.risk_threshold)}</label>
<label>Health score drops by at least <input type="number" name="score_delta_minimum" min="0" max="100" value="${rules.score_delta_minimum}"></label>
<label>Owners <input name="owners" value="${escapeHtml(rules.owners === 'anyone' ? '' : rules.owners.join(', '))}" placeholder="anyone"></label>
<label>Mention the owner ${select('mention_owner', mentions, rules.mention_owner)}</label>
<label>Similar alerts ${select('repeat_after', repeats, rules.repeat_after)}</label>
<label>Remind of critical alerts ${select('remind_after', reminders, rules.remind_after)}</label>
<fieldset><legend>Quiet hours</legend>
<label>When ${select('timing', timings, shown.kind)}</label>
<label>Time zone <input name="time_zone" value="${escapeHtml(shown.time_zone)}"></label>
${Object.entries(days).map(dayFields(shown.days)).join('\n')}
<label>Public holidays of <input name="country" value="${escapeHtml(shown.holidays.country ?? '')}" placeholder="DE"></label>
<label>Region <input name="region" value="${escapeHtml(shown.holidays.region ?? '')}" placeholder="BY"></label>
<label>Other dates <input name="dates" value="${escapeHtml(describeDates(shown.holidays.dates))}" placeholder="2026-12-24 13:00, 2026-12-31"></label>
<label>Then ${select('outside', { digest: 'one digest', discard: 'nothing' }, shown.outside ?? 'digest')}</label>
</fieldset>
<div class="answers"><button class="go">Save rules</button></div>
</form>
<div class="answers">
${status === 'paused' ? button(`${at}/resume`, 'Resume') : button(`${at}/pause`, 'Pause')}
${button(`${at}/test-alert`, 'Send a test alert')}
${counts.failed > 0 ? button(`${at}/retry`, 'Retry failed alerts') : ''}
${button(`${at}/disconnect`, 'Disconnect')}
</div>
</section>`;
}

function dayFields(chosen: z.infer<typeof hours>['days']): (day: [string, string]) => string {
  return ([day, label]) =>
    `<label>${label} <input name="${day}_start" value="${chosen[day]?.start ?? ''}" aria-label="${label} from"> to <input name="${day}_end" value="${chosen[day]?.end ?? ''}" aria-label="${label} to"></label>`;
}

/** `2026-12-24 13:00, 2026-12-31` */
function describeDates(dates: z.infer<typeof hours>['holidays']['dates']): string {
  return dates.map(({ date, until }) => [date, until ?? []].flat().join(' ')).join(', ');
}

function renderLink({ id, name, owners }: ShownLink): string {
  const at = `${settingsPath}/links/${encodeURIComponent(id)}`;
  const people = owners.map((owner) => renderOwner(at, owner)).join('');
  return `<li>${escapeHtml(name ?? id)} ${button(`${at}/unlink`, 'Unlink')}${people === '' ? '' : `<ul>${people}</ul>`}</li>`;
}

/** Without a user, the app forgets who that was. */
function renderOwner(at: string, { id, name, slack_user: user }: z.infer<typeof ownerSchema>): string {
  return `<li><form method="post" action="${at}/owners/${encodeURIComponent(id)}">
<label>${escapeHtml(name)} <input name="slack_user" value="${escapeHtml(user ?? '')}" placeholder="U…"></label><button>Save</button>
</form></li>`;
}

function renderWebhook({ at, type, channel, by, reason }: ReceivedWebhook): string {
  const more = [by === null ? '' : ` by ${by}`, reason === null ? '' : ` (${reason})`].join('');
  return `<li><code>${escapeHtml(type)}</code> ${escapeHtml(channel + more)}, ${escapeHtml(at)}</li>`;
}

function button(action: string, label: string): string {
  return `<form method="post" action="${action}"><button>${label}</button></form>`;
}

function checkboxes(name: string, choices: Record<string, string>, chosen: readonly string[]): string {
  return Object.entries(choices)
    .map(
      ([value, label]) =>
        `<label><input type="checkbox" name="${name}" value="${value}"${chosen.includes(value) ? ' checked' : ''}> ${label}</label>`,
    )
    .join('\n');
}

function select(name: string, choices: Record<string, string>, chosen: string): string {
  const options = Object.entries(choices).map(
    ([value, label]) =>
      `<option value="${value}"${value === chosen ? ' selected' : ''}>${escapeHtml(label)}</option>`,
  );
  return `<select name="${name}">${options.join('')}</select>`;
}
