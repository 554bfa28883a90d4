import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextList } from '@slack/types';
import type { ReactNode } from 'react';
import { useReader } from '../reader.ts';
import { formatDate } from '../text/format-date.ts';
import { ChannelMention, Emoji, Link, UserMention } from '../text/mrkdwn.tsx';

const indentPx = 26;

export function RichText({ block }: { block: RichTextBlock }) {
  return each(block.elements, (element) => <Part element={element} />);
}

function Part({ element }: { element: RichTextBlockElement }): ReactNode {
  switch (element.type) {
    case 'rich_text_section':
      return (
        <p>
          {each(element.elements, (one) => (
            <Inline element={one} />
          ))}
        </p>
      );
    case 'rich_text_quote':
      return (
        <blockquote>
          {each(element.elements, (one) => (
            <Inline element={one} />
          ))}
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre>
          {each(element.elements, (one) => (
            <Inline element={one} />
          ))}
        </pre>
      );
    case 'rich_text_list':
      return <List list={element} />;
  }
}

function List({ list }: { list: RichTextList }) {
  const Tag = list.style === 'ordered' ? 'ol' : 'ul';
  return (
    <Tag style={{ marginLeft: (list.indent ?? 0) * indentPx }}>
      {each(list.elements, ({ elements }) => (
        <li>
          {each(elements, (one) => (
            <Inline element={one} />
          ))}
        </li>
      ))}
    </Tag>
  );
}

function Inline({ element }: { element: RichTextElement }): ReactNode {
  const reader = useReader();
  const content = (): ReactNode => {
    switch (element.type) {
      case 'text':
        return <span className="plain">{element.text}</span>;
      case 'link':
        return <Link url={element.url}>{element.text ?? element.url}</Link>;
      case 'emoji':
        return <Emoji name={element.name} />;
      case 'user':
        return <UserMention id={element.user_id} />;
      case 'channel':
        return <ChannelMention id={element.channel_id} />;
      case 'broadcast':
        return <span className="mention">@{element.range}</span>;
      case 'date':
        return <time>{formatDate(element.timestamp * 1000, element.format, reader)}</time>;
      default:
        return null;
    }
  };
  const { bold, italic, strike, code } = element.style ?? {};
  let drawn = content();
  if (code === true) drawn = <code>{drawn}</code>;
  if (strike === true) drawn = <s>{drawn}</s>;
  if (italic === true) drawn = <em>{drawn}</em>;
  if (bold === true) drawn = <strong>{drawn}</strong>;
  return drawn;
}

function each<Item>(items: readonly Item[], render: (item: Item) => ReactNode): ReactNode[] {
  // biome-ignore lint/suspicious/noArrayIndexKey: a part of a text is identified only by its position
  return items.map((item, index) => <Wrap key={index}>{render(item)}</Wrap>);
}

function Wrap({ children }: { children: ReactNode }) {
  return children;
}
