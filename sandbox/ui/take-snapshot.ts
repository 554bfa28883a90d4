import type { KnownBlock, PlainTextElement } from '@slack/types';
import type { AdjustableClock } from '../adjustable-clock.ts';
import type { LocalSlack } from '../slack/local-slack.ts';
import type { Channel, Message, Refusal, User } from '../slack/records.ts';
import type { View } from '../slack/views.ts';
import { findPerson, listViewers } from './find-person.ts';
import type { ReadState } from './read-state.ts';
import type {
  BoardButton,
  Person,
  ShownChannel,
  ShownMessage,
  ShownRefusal,
  ShownView,
  Snapshot,
} from './snapshot.ts';

/** Of messages per channel, and of refusals: the latest. */
const maxShown = 200;

/**
 * @param who handle or id; by default the first person of the first workspace
 * @throws Error if there is no such person
 */
export function takeSnapshot(
  who: string | undefined,
  parts: { slack: LocalSlack; clock: AdjustableClock; readState: ReadState; board: BoardButton[] },
): Snapshot {
  const { slack, clock, readState, board } = parts;
  const { model } = slack;
  const { user, teamId } = findPerson(model, who ?? '');
  const team = model.team(teamId);
  const viewers = listViewers(model);
  const viewedAs = viewers.find(({ value }) => {
    const looker = findPerson(model, value);
    return looker.user.id === user.id && looker.teamId === teamId;
  });

  const toChannel = (channel: Channel): ShownChannel => {
    const messages = visibleMessages(slack, channel, user);
    return {
      id: channel.id,
      name: channel.name,
      isPrivate: channel.isPrivate,
      sharedWith: [channel.teamId, ...channel.sharedWith]
        .filter((id) => id !== teamId)
        .map((id) => model.team(id).name),
      unread: readState.countUnread(user.id, channel.id, messages),
      messages: messages.slice(-maxShown).map(toMessage),
    };
  };
  const home = slack.home(user.id, team.id);

  return {
    now: clock.now().getTime(),
    ahead: clock.ahead,
    app: slack.appName,
    isInstalled: model.installations.get(team.id)?.active ?? false,
    team: { id: team.id, name: team.name },
    you: toPerson(user),
    viewedAs: viewedAs?.value ?? user.name,
    viewers,
    people: [...model.users.values()].map(toPerson),
    channels: model
      .visibleChannels(user, team.id)
      .filter(({ isDirect }) => isDirect !== true)
      .map(toChannel),
    home: home && toView(home),
    modals: slack.modals(user.id).map(toView),
    refusals: slack.refusals.map((refusal, index) => toRefusal(refusal, index + 1, slack)).slice(-maxShown),
    board,
  };
}

/** In order. */
export function visibleMessages(slack: LocalSlack, channel: Channel, user: User): Message[] {
  return slack
    .messages(channel.id)
    .filter(({ ephemeralTo }) => ephemeralTo === undefined || ephemeralTo === user.id);
}

function toPerson({ id, name, realName }: User): Person {
  return { id, name, realName };
}

function toMessage({ ts, receivedAt, shown, ephemeralTo, editedAt }: Message): ShownMessage {
  return {
    ts,
    at: receivedAt,
    content: shown,
    isEphemeral: ephemeralTo !== undefined,
    isEdited: editedAt !== undefined,
  };
}

function toView({ id, content, values }: View): ShownView {
  // The local Slack validated the view when it accepted it.
  return {
    id,
    blocks: content.blocks as KnownBlock[],
    title: content.title as PlainTextElement | undefined,
    submit: content.submit as PlainTextElement | undefined,
    close: content.close as PlainTextElement | undefined,
    values,
  };
}

function toRefusal(refusal: Refusal, id: number, { model }: LocalSlack): ShownRefusal {
  const { at, where, error, pointer, message, channelId } = refusal;
  const channelName = channelId === undefined ? undefined : model.channels.get(channelId)?.name;
  return { id, at, where, error, pointer, message, ...(channelName !== undefined && { channelName }) };
}
