import type { KnownBlock } from '@slack/types';
import type { ReactNode } from 'react';
import { Element } from '../elements/element.tsx';
import { Text } from '../text/text.tsx';
import { Context } from './context.tsx';
import { Image } from './image.tsx';
import { Input } from './input.tsx';
import { RichText } from './rich-text.tsx';
import { Section } from './section.tsx';

export function Blocks({ blocks }: { blocks: readonly KnownBlock[] }) {
  return blocks.map((block) => (
    <div key={block.block_id} className={`block ${block.type}`} data-block-id={block.block_id}>
      <Block block={block} />
    </div>
  ));
}

function Block({ block }: { block: KnownBlock }): ReactNode {
  const blockId = block.block_id ?? '';
  switch (block.type) {
    case 'header':
      return (
        <h3>
          <Text of={block.text} />
        </h3>
      );
    case 'section':
      return <Section block={block} />;
    case 'context':
      return <Context block={block} />;
    case 'divider':
      return <hr />;
    case 'actions':
      // An element with a new id is a new element, and starts over.
      return block.elements.map((element) => (
        <Element
          key={`${element.type} ${element.action_id}`}
          element={element}
          blockId={blockId}
          notifiesApp
        />
      ));
    case 'input':
      return <Input block={block} />;
    case 'image':
      return <Image of={block} title={block.title} />;
    case 'rich_text':
      return <RichText block={block} />;
    default:
      return <p className="unknown">This Slack does not know the block “{block.type}”.</p>;
  }
}
