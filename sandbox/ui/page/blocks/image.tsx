import type { ImageBlock, ImageElement, PlainTextElement } from '@slack/types';
import { Text } from '../text/text.tsx';

/** Without network, the alternative text is shown. */
export function Image({
  of,
  title,
}: {
  of: ImageBlock | ImageElement;
  title?: PlainTextElement | undefined;
}) {
  return (
    <figure>
      {title !== undefined && (
        <figcaption>
          <Text of={title} />
        </figcaption>
      )}
      <img src={'image_url' in of ? of.image_url : undefined} alt={of.alt_text} loading="lazy" />
    </figure>
  );
}
