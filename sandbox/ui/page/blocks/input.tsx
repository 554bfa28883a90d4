import type { InputBlock } from '@slack/types';
import { useId } from 'react';
import { Element } from '../elements/element.tsx';
import { usePlace } from '../elements/place.ts';
import { Text } from '../text/text.tsx';

export function Input({ block }: { block: InputBlock }) {
  const {
    label,
    element,
    hint,
    optional,
    dispatch_action: notifiesApp = false,
    block_id: blockId = '',
  } = block;
  const { errors = {} } = usePlace();
  const error = errors[blockId];
  const labelId = useId();
  const notesId = useId();
  return (
    <div className="field" data-invalid={error !== undefined}>
      <div id={labelId} className="label">
        <Text of={label} />
        {optional === true && <span className="optional"> (optional)</span>}
      </div>
      <Element
        key={`${element.type} ${element.action_id}`}
        element={element}
        blockId={blockId}
        notifiesApp={notifiesApp}
        labelledBy={labelId}
        describedBy={notesId}
      />
      <div id={notesId}>
        {error !== undefined && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        {hint !== undefined && (
          <p className="hint">
            <Text of={hint} />
          </p>
        )}
      </div>
    </div>
  );
}
