import type { ReactNode } from 'react';
import { type Reader, useReader } from '../reader.ts';
import { emoji } from './emoji.ts';
import { formatDate } from './format-date.ts';
import { type MrkdwnNode, type MrkdwnOptions, parseMrkdwn } from './parse-mrkdwn.ts';

export function Mrkdwn({ text, ...options }: { text: string } & MrkdwnOptions) {
  const reader = useReader();
  return <>{render(parseMrkdwn(text, options), reader)}</>;
}

function render(nodes: readonly MrkdwnNode[], reader: Reader): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: a text is identified only by its position
  return nodes.map((node, index) => <Node key={index} node={node} reader={reader} />);
}

function Node({ node, reader }: { node: MrkdwnNode; reader: Reader }): ReactNode {
  switch (node.type) {
    case 'text':
      return node.text;
    case 'break':
      return <br />;
    case 'bold':
      return <strong>{render(node.children, reader)}</strong>;
    case 'italic':
      return <em>{render(node.children, reader)}</em>;
    case 'strike':
      return <s>{render(node.children, reader)}</s>;
    case 'quote':
      return <blockquote>{render(node.children, reader)}</blockquote>;
    case 'code':
      return <code>{node.text}</code>;
    case 'pre':
      return <pre>{node.text}</pre>;
    case 'link':
      return <Link url={node.url}>{render(node.children, reader)}</Link>;
    case 'user':
      return <UserMention id={node.id} />;
    case 'channel':
      return <ChannelMention id={node.id} />;
    case 'broadcast':
      return <span className="mention">@{node.range}</span>;
    case 'emoji':
      return <Emoji name={node.name} />;
    case 'date': {
      const text = formatDate(node.timestamp, node.format, reader);
      return node.url === undefined ? <time>{text}</time> : <Link url={node.url}>{text}</Link>;
    }
  }
}

export function Link({ url, children }: { url: string; children: ReactNode }) {
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

export function Emoji({ name }: { name: string }) {
  const picture = Object.hasOwn(emoji, name) ? emoji[name] : undefined;
  return picture === undefined ? (
    `:${name}:`
  ) : (
    <span className="emoji" role="img" aria-label={name}>
      {picture}
    </span>
  );
}

export function UserMention({ id }: { id: string }) {
  const { people } = useReader();
  return <span className="mention">@{people.find((one) => one.id === id)?.realName ?? 'unknown user'}</span>;
}

/** For people who may see it. */
export function ChannelMention({ id }: { id: string }) {
  const { channels } = useReader();
  const channel = channels.find((one) => one.id === id);
  if (channel === undefined) return <span className="mention">🔒 private channel</span>;
  return (
    <a className="mention" href={`#${channel.name}`}>
      {channel.isPrivate ? '🔒 ' : '#'}
      {channel.name}
    </a>
  );
}
