import type { TextObject } from '@slack/types';
import type { ReactNode } from 'react';
import { decodeEntities } from './decode-entities.ts';
import { Emoji, Mrkdwn } from './mrkdwn.tsx';

export function Text({ of }: { of: TextObject }) {
  if (of.type === 'mrkdwn') return <Mrkdwn text={of.text} verbatim={of.verbatim ?? false} />;
  return <span className="plain">{of.emoji === false ? decodeEntities(of.text) : withEmoji(of.text)}</span>;
}

function withEmoji(text: string): ReactNode[] {
  return text.split(/:([\w+'-]+):/).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is identified only by its position
    index % 2 === 0 ? decodeEntities(part) : <Emoji key={index} name={part} />,
  );
}
