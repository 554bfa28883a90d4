import type { Channel } from '../../store/channels/document.ts';
import { Problem } from '../problem.ts';
import type { Answer, Call } from './operation.ts';
import { toChannelResource } from './present.ts';
import type { ApiServices } from './services.ts';

/** @throws Problem 404 if the token's account has no such channel */
export async function findOwnChannel(
  { channels }: Pick<ApiServices, 'channels'>,
  { accountId, param }: Pick<Call<unknown, unknown>, 'accountId' | 'param'>,
): Promise<Channel> {
  const channel = await channels.find(param('id'));
  if (channel === undefined || channel.accountId !== accountId || channel.status === 'disconnected')
    throw channelUnknown();
  return channel;
}

/** The answer does not say whether the channel is not connected or belongs to another account. */
export function channelUnknown(): Problem {
  return new Problem({
    status: 404,
    code: 'channel_unknown',
    title: 'No such channel',
    detail: 'This account has no connected channel with that id.',
  });
}

export async function answerChannel(services: ApiServices, channel: Channel): Promise<Answer> {
  const summary = (await services.deliveries.summarise([channel])).get(channel._id);
  const body = toChannelResource(channel, summary, services.clock.now());
  return { status: 200, body, version: channel.version };
}
