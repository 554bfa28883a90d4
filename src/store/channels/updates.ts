import type { Document } from 'mongodb';
import { defaultRules } from '../../domain/rules.ts';
import type { Actor } from '../audit.ts';
import type { Encrypted } from '../keyring.ts';
import type { ChannelConnection } from './document.ts';
import { type ChannelChange, type ChannelDocument, endOfTime } from './document.ts';
import { newChangeId } from './outbox.ts';

// Updates are pipelines, so that a change and its outbox entry, which depends on the channel, are one write.

export function assign(fields: Partial<ChannelDocument>): { $set: Document } {
  const literals = Object.entries(fields).map(([name, value]) => [name, { $literal: value }]);
  return { $set: Object.fromEntries(literals) };
}

export function count(...fields: ('version' | 'rulesEpoch')[]): Document {
  const next = fields.map((field) => [field, { $add: [{ $ifNull: [`$${field}`, 0] }, 1] }]);
  return { $set: Object.fromEntries(next) };
}

/** Appends the channel as it is at this stage. @param options.unless an expression: if true, nothing is appended */
export function appendToOutbox(
  change: ChannelChange,
  options: { action?: Document; unless?: Document } = {},
): Document {
  const { action, ...rest } = change;
  const literals = Object.entries({ id: newChangeId(), ...rest })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [name, { $literal: value }]);
  const outbox = {
    ...Object.fromEntries(literals),
    action: options.action ?? { $literal: action },
    channel: {
      accountId: '$accountId',
      teamName: '$teamName',
      name: '$name',
      rules: '$rules',
      brokenReason: '$brokenReason',
    },
  };
  const earlier = { $ifNull: ['$outbox', []] };
  const all = { $concatArrays: [earlier, [outbox]] };
  const { unless } = options;
  return { $set: { outbox: unless === undefined ? all : { $cond: [unless, earlier, all] } } };
}

/** Rules and pause belong to the account that it served last: another one starts with the defaults. */
export function toServing(accountId: string, now: Date): Document[] {
  const id = { $literal: accountId };
  const isOthers = { $ne: [{ $ifNull: ['$lastAccountId', id] }, id] };
  const fresh = {
    rules: defaultRules,
    pausedUntil: null,
    createdAt: now,
  } satisfies Partial<ChannelDocument>;
  const replaced = Object.entries(fresh).map(([name, value]) => [
    name,
    { $cond: [isOthers, { $literal: value }, `$${name}`] },
  ]);
  return [
    { $set: Object.fromEntries(replaced) },
    // Invalidates forms that show the previous rules.
    {
      $set: {
        version: { $cond: [isOthers, { $add: ['$version', 1] }, '$version'] },
        rulesEpoch: { $cond: [isOthers, { $add: ['$rulesEpoch', 1] }, '$rulesEpoch'] },
        externalAcknowledge: { $cond: [isOthers, false, { $ifNull: ['$externalAcknowledge', false] }] },
      },
    },
    assign({ accountId, lastAccountId: accountId, ownersVersion: newChangeId() }),
  ];
}

export function toWaiting(now: Date): Document {
  const earlier = { $ifNull: ['$formerAccounts', []] };
  const last = { accountId: '$accountId', until: { $literal: now } };
  return {
    $set: {
      accountId: null,
      servesSince: endOfTime,
      formerAccounts: {
        $cond: [{ $eq: [{ $type: '$accountId' }, 'string'] }, { $concatArrays: [earlier, [last]] }, earlier],
      },
    },
  };
}

export function connectorOf({
  teamId,
  connectedBy,
}: Pick<ChannelConnection, 'teamId' | 'connectedBy'>): Actor {
  return { kind: 'user', teamId, userId: connectedBy };
}

export function fieldsOf(connection: ChannelConnection, webhookUrl: Encrypted, now: Date) {
  const { teamId, teamName, slackChannelId, name } = connection;
  return {
    teamId,
    teamName,
    slackChannelId,
    name,
    webhookUrl,
    configurationUrl: connection.configurationUrl ?? null,
    status: 'active',
    brokenReason: null,
    retryAt: null,
    trouble: null,
    connectedAt: now,
    expiresAt: null,
  } as const satisfies Partial<ChannelDocument>;
}

/** @param actor without one, nothing is published */
export function toConnected(
  connection: ChannelConnection,
  webhookUrl: Encrypted,
  now: Date,
  actor?: Actor,
): Document[] {
  const { accountId, connectedBy } = connection;
  const fresh: Partial<ChannelDocument> = {
    accountId: null,
    rules: defaultRules,
    version: 1,
    rulesEpoch: 1,
    needsReevaluation: false,
    brokenAt: null,
    pausedUntil: null,
    managers: [],
    createdAt: now,
  };
  const isNew = { $eq: [{ $type: '$createdAt' }, 'missing'] };
  const hasNoManager = { $eq: ['$managers', []] };
  const person = { $literal: connectedBy };
  const withPerson = {
    $cond: [{ $in: [person, '$managers'] }, '$managers', { $concatArrays: ['$managers', [person]] }],
  };
  const connected = { $cond: [{ $eq: ['$createdAt', now] }, 'connected', 'reconnected'] };
  return [
    { $replaceWith: { $mergeObjects: [{ $cond: [isNew, { $literal: fresh }, {}] }, '$$ROOT'] } },
    assign(fieldsOf(connection, webhookUrl, now)),
    ...(accountId === null ? [] : toServing(accountId, now)),
    {
      $set: {
        // The `servesSince` of a disconnected channel is the end of time.
        servesSince: { $min: ['$servesSince', now] },
        connectedBy: { $cond: [hasNoManager, person, '$connectedBy'] },
        managers: { $cond: [{ $eq: ['$managers', 'everyone'] }, 'everyone', withPerson] },
      },
    },
    { $unset: ['movedTo'] },
    ...(actor === undefined
      ? []
      : [appendToOutbox({ action: 'connected', actor, at: now }, { action: connected })]),
  ];
}

export function toDisconnected(
  now: Date,
  expiresAt: Date,
  movedTo: string | undefined,
  change: ChannelChange | undefined,
): Document[] {
  return [
    ...(change === undefined ? [] : [appendToOutbox(change)]),
    toWaiting(now),
    assign({
      status: 'disconnected',
      brokenReason: null,
      brokenAt: null,
      retryAt: null,
      trouble: null,
      pausedUntil: null,
      connectedBy: '',
      managers: [],
      expiresAt,
      ...(movedTo !== undefined && { movedTo }),
    }),
    count('version'),
    { $unset: ['webhookUrl', 'configurationUrl', 'movedFrom', 'externalAcknowledge', 'externalSeenAt'] },
  ];
}
