import type { Confirm } from '@slack/types';
import type { ShownMessage } from '../../snapshot.ts';
import type { Api } from '../api.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { PlaceContext } from '../elements/place.ts';
import { useReader } from '../reader.ts';
import { formatDate } from '../text/format-date.ts';
import { Mrkdwn } from '../text/mrkdwn.tsx';
import { AppIcon } from './app-icon.tsx';
import { Attachment } from './attachment.tsx';

export function Message({
  message,
  api,
  ask,
}: {
  message: ShownMessage;
  api: Api;
  ask: (question: Confirm) => Promise<boolean>;
}) {
  const reader = useReader();
  const { ts, at, content, isEphemeral, isEdited } = message;
  const { text, blocks, attachments = [], mrkdwn } = content;
  const time = formatDate(at, '{time}', reader);
  return (
    <article
      className="message"
      data-testid="message"
      data-ts={ts}
      data-ephemeral={isEphemeral || undefined}
      aria-label={`${reader.app}, ${time}`}
    >
      {isEphemeral && <p className="only-you">Only visible to you</p>}
      <AppIcon />
      <div className="message-body">
        <header>
          <strong>{reader.app}</strong>
          <span className="badge">APP</span>
          <time title={formatDate(at, '{date_long} {time_secs}', reader)}>{time}</time>
        </header>
        <PlaceContext value={{ api, on: ts, ask }}>
          {blocks !== undefined && blocks.length > 0 ? (
            <Blocks blocks={blocks} />
          ) : (
            text !== undefined &&
            text !== '' && (
              <div className="message-text">
                <Mrkdwn text={text} formatting={mrkdwn !== false} />
              </div>
            )
          )}
        </PlaceContext>
        {attachments.map((attachment, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an attachment is identified only by its position
          <PlaceContext key={index} value={{ api, on: ts, attachment: index + 1, ask }}>
            <Attachment attachment={attachment} />
          </PlaceContext>
        ))}
        {isEdited && <small className="edited">(edited)</small>}
      </div>
    </article>
  );
}
