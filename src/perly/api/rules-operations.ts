import { Problem } from '../problem.ts';
import { toActor } from './channel-operations.ts';
import { defineOperation, type Operation } from './operation.ts';
import { channelUnknown, findOwnChannel } from './own-channel.ts';
import { fromRulesChange, rulesChange, rulesResource, toRulesResource } from './rules-resource.ts';
import type { ApiServices } from './services.ts';

const tag = 'Rules';
const path = '/perly/channels/{id}/rules';
const rulesAnswer = {
  200: { description: 'The present rules.', body: rulesResource, hasETag: true },
} as const;

export function rulesOperations(services: ApiServices): Operation[] {
  return [
    defineOperation({
      id: 'getRules',
      method: 'get',
      path,
      tag,
      summary: 'Read a channel’s rules',
      description: 'The ETag that comes with them is needed to replace them.',
      answers: rulesAnswer,
      async handle(call) {
        const { rules, version } = await findOwnChannel(services, call);
        return { status: 200, body: toRulesResource(rules), version };
      },
    }),

    defineOperation({
      id: 'putRules',
      method: 'put',
      path,
      tag,
      summary: 'Replace a channel’s rules',
      description:
        'Held alerts are re-evaluated. `If-Match` has to be the ETag of the rules or the channel. `owners`, `mention_owner`, `repeat_after` and `remind_after` stay as they are if they are left out or null, so that a client that does not know them does not change them. `holidays` and days without hours may be null.',
      body: rulesChange,
      needsVersion: true,
      answers: {
        ...rulesAnswer,
        412: { description: 'The channel was changed since: read it again.' },
      },
      async handle(call) {
        const { _id, version, rules: present } = await findOwnChannel(services, call);
        if (!call.isExpected(version)) throw outdated();
        const rules = fromRulesChange(call.body, present);
        const result = await services.settings.changeRules(_id, version, rules, toActor(call.accountId));
        if (result.kind === 'gone') throw channelUnknown();
        if (result.kind === 'outdated') throw outdated();
        const { channel } = result;
        return { status: 200, body: toRulesResource(channel.rules), version: channel.version };
      },
    }),
  ];
}

function outdated(): Problem {
  return new Problem({
    status: 412,
    code: 'channel_changed',
    title: 'The channel was changed since',
    detail: 'Nothing was saved. Read the rules again, and send your change with their ETag.',
  });
}
