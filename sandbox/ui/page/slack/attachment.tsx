import type { KnownBlock, MessageAttachment } from '@slack/types';
import { Blocks } from '../blocks/blocks.tsx';
import { Link, Mrkdwn } from '../text/mrkdwn.tsx';

const named: Record<string, string> = { good: '#2eb886', warning: '#daa038', danger: '#a30200' };

/** Blocks or the legacy fields. */
export function Attachment({ attachment }: { attachment: MessageAttachment }) {
  const { color, blocks } = attachment;
  const colour = color === undefined ? undefined : (named[color] ?? color);
  return (
    <div className="attachment" data-testid="attachment" data-colour={colour}>
      <div className="bar" style={colour === undefined ? undefined : { background: colour }} />
      <div className="attachment-body">
        {/* The local Slack has checked the blocks before it took them. */}
        {blocks === undefined ? (
          <Legacy attachment={attachment} />
        ) : (
          <Blocks blocks={blocks as KnownBlock[]} />
        )}
      </div>
    </div>
  );
}

function Legacy({ attachment }: { attachment: MessageAttachment }) {
  const {
    pretext,
    author_name: author,
    title,
    title_link: link,
    text,
    fallback,
    fields,
    footer,
  } = attachment;
  return (
    <div className="legacy">
      {pretext !== undefined && <Mrkdwn text={pretext} />}
      {author !== undefined && <div className="author">{author}</div>}
      {title !== undefined && <strong>{link === undefined ? title : <Link url={link}>{title}</Link>}</strong>}
      {text !== undefined ? (
        <div>
          <Mrkdwn text={text} />
        </div>
      ) : (
        title === undefined && fallback
      )}
      {fields !== undefined && (
        <div className="fields">
          {fields.map((field) => (
            <div key={field.title}>
              <strong>{field.title}</strong>
              <div>
                <Mrkdwn text={field.value} />
              </div>
            </div>
          ))}
        </div>
      )}
      {footer !== undefined && <small>{footer}</small>}
    </div>
  );
}
