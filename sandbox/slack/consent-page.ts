import { escapeHtml, page } from './html.ts';
import type { Channel, Team, User } from './records.ts';

export interface Consent {
  appName: string;
  scopes: readonly string[];
  team: Team;
  /** Only the pinned one if the app pins one. */
  teams: readonly Team[];
  user: User;
  users: readonly User[];
  /** Undefined if the app requests no webhook. */
  channels: readonly Channel[] | undefined;
  /** Otherwise the person can ask the administrators to approve the app. */
  isApproved: boolean;
  parameters: ReadonlyArray<readonly [name: string, value: string]>;
}

const meaning: Record<string, string> = {
  'incoming-webhook': 'Post messages to one channel of your choice',
  commands: 'Add shortcuts and slash commands',
  'chat:write': 'Send messages as the app',
  'users:read': 'View the people in the workspace',
  'team:read': 'View the name of the workspace',
};

export function consentPage(consent: Consent): string {
  const { appName, team, user, channels } = consent;
  const hidden = consent.parameters
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n');
  const title = `${appName} wants access to ${team.name}`;
  return page(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p>This is a local Slack, for trying and for tests.</p>
<form class="who" method="get" action="/oauth/v2/authorize">
${hidden}
${select('Workspace', 'as_team', consent.teams.map(byName), team.id)}
${select('You are', 'as_user', consent.users.map(byRealName), user.id)}
<button type="submit">Switch</button>
</form>
<form method="post" action="/oauth/v2/authorize">
${hidden}
<input type="hidden" name="as_team" value="${escapeHtml(team.id)}">
<input type="hidden" name="as_user" value="${escapeHtml(user.id)}">
<p>What will ${escapeHtml(appName)} be able to do?</p>
<ul>
${consent.scopes.map((scope) => `<li>${escapeHtml(meaning[scope] ?? scope)}</li>`).join('\n')}
</ul>
${channels === undefined || !consent.isApproved ? '' : channelPicker(appName, channels)}
${consent.isApproved ? '' : `<p>${escapeHtml(team.name)} allows approved apps only. An administrator has to approve this one.</p>`}
<div class="answers">
<button type="submit" name="answer" value="cancel" formnovalidate>Cancel</button>
${
  consent.isApproved
    ? '<button class="go" type="submit" name="answer" value="allow">Allow</button>'
    : '<button class="go" type="submit" name="answer" value="request">Request to install</button>'
}
</div>
</form>`,
  );
}

/** The browser stays here, and does not return to the app. */
export function approvalRequestedPage(appName: string): string {
  return page(
    'Request sent',
    `<h1>Your request to install ${escapeHtml(appName)} was sent</h1>
<p>Slack tells you when an administrator has approved it.</p>`,
  );
}

export function authorizeErrorPage(error: string): string {
  return page(
    'Something went wrong',
    `<h1>Something went wrong when authorising this app</h1>
<p>The app sent you here with an address that cannot be used. Go back to it and try again.</p>
<p>Error details: <code>${escapeHtml(error)}</code></p>`,
  );
}

function channelPicker(appName: string, channels: readonly Channel[]): string {
  const options = channels.map(({ id, name, isPrivate, isDirect }) => {
    const sign = isDirect ? '' : isPrivate ? '🔒 ' : '#';
    return { value: id, label: `${sign}${name}` };
  });
  const label = `Where should ${appName} post?`;
  return select(label, 'channel', [{ value: '', label: 'Choose a channel' }, ...options], '', true);
}

interface Choice {
  value: string;
  label: string;
}

function byName({ id, name }: Team): Choice {
  return { value: id, label: name };
}

function byRealName({ id, realName }: User): Choice {
  return { value: id, label: realName };
}

function select(label: string, name: string, choices: Choice[], chosen: string, required = false): string {
  const options = choices.map(({ value, label: text }) => {
    const selected = value === chosen ? ' selected' : '';
    return `<option value="${escapeHtml(value)}"${selected}>${escapeHtml(text)}</option>`;
  });
  return `<div><label for="${name}">${escapeHtml(label)}</label>
<select id="${name}" name="${name}"${required ? ' required' : ''}>
${options.join('\n')}
</select></div>`;
}
