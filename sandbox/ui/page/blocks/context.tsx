import type { ContextBlock } from '@slack/types';
import { Text } from '../text/text.tsx';
import { Image } from './image.tsx';

export function Context({ block }: { block: ContextBlock }) {
  return block.elements.map((element, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a text is identified only by its position
    <span key={index} className="context-element">
      {element.type === 'image' ? <Image of={element} /> : <Text of={element} />}
    </span>
  ));
}
