import type { SectionBlock } from '@slack/types';
import { Element } from '../elements/element.tsx';
import { Text } from '../text/text.tsx';
import { Image } from './image.tsx';

export function Section({ block }: { block: SectionBlock }) {
  const { text, fields, accessory, block_id: blockId = '' } = block;
  return (
    <>
      <div className="section-text">
        {text !== undefined && <Text of={text} />}
        {fields !== undefined && (
          <div className="fields">
            {fields.map((field, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a field is identified only by its position
              <div key={index}>
                <Text of={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory !== undefined && (
        <div className="accessory">
          {accessory.type === 'image' ? (
            <Image of={accessory} />
          ) : (
            <Element
              key={`${accessory.type} ${accessory.action_id}`}
              element={accessory}
              blockId={blockId}
              notifiesApp
            />
          )}
        </div>
      )}
    </>
  );
}
