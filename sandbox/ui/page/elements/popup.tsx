import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

const gap = 4;

/** Below its element, or above if there is more room. Escape and a click elsewhere close it. */
export function Popup({
  anchor,
  onClose,
  children,
}: {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  // Invisible until measured, but focusable.
  const [position, setPosition] = useState<React.CSSProperties>({ opacity: 0 });

  useLayoutEffect(() => {
    const box = anchor.current?.getBoundingClientRect();
    if (box === undefined || popup.current === null) return;
    const area = popup.current.closest('.slack')?.getBoundingClientRect();
    const below = window.innerHeight - box.bottom;
    const isAbove = below < 240 && box.top > below;
    setPosition({
      left: Math.min(box.left, (area?.right ?? window.innerWidth) - popup.current.offsetWidth - gap),
      minWidth: box.width,
      maxHeight: Math.min(320, (isAbove ? box.top : below) - 16),
      ...(isAbove ? { bottom: window.innerHeight - box.top + gap } : { top: box.bottom + gap }),
    });
  }, [anchor]);

  useEffect(() => {
    const isInside = (target: EventTarget | null) =>
      target instanceof Node && (popup.current?.contains(target) || anchor.current?.contains(target));
    const onPointer = (event: PointerEvent) => {
      if (!isInside(event.target)) onClose();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // Keeps the surrounding modal open.
      event.stopPropagation();
      onClose();
    };
    document.addEventListener('pointerdown', onPointer);
    document.addEventListener('keydown', onKey, { capture: true });
    return () => {
      document.removeEventListener('pointerdown', onPointer);
      document.removeEventListener('keydown', onKey, { capture: true });
    };
  }, [anchor, onClose]);

  return (
    <div ref={popup} className="popup" style={position}>
      {children}
    </div>
  );
}
