import { Paper } from '@mantine/core';
import { type FC, useCallback, useEffect, useRef, useState } from 'react';

const LEAST_HEIGHT = 200;
/** A mail does not decide how long this page gets. */
const MOST_HEIGHT = 20_000;

/**
 * A mail as mail programs show it: in a frame that belongs to no origin, on a page of the API whose policy lets the
 * mail's own styles through and nothing else. It is as high as the mail, so that only the page scrolls.
 */
export const MailFrame: FC<{ html: string; title: string }> = ({ html, title }) => {
  const frame = useRef<HTMLIFrameElement>(null);
  // Again, too: a browser may load a frame anew, which then has nothing to show.
  const [timesLoaded, setTimesLoaded] = useState(0);
  const height = useHeightOf(frame);

  useEffect(() => {
    // It has no origin that could be named here; the frame may load nothing but pages of this service.
    if (timesLoaded > 0) frame.current?.contentWindow?.postMessage(html, '*');
  }, [timesLoaded, html]);

  return (
    <Paper withBorder style={{ overflow: 'hidden' }}>
      <iframe
        ref={frame}
        src="/report/frame"
        title={title}
        sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"
        onLoad={() => setTimesLoaded((times) => times + 1)}
        style={{ display: 'block', width: '100%', height, border: 0 }}
      />
    </Paper>
  );
};

/** As high as the page in the frame says that it is. */
function useHeightOf(frame: { readonly current: HTMLIFrameElement | null }): number {
  const [height, setHeight] = useState(LEAST_HEIGHT);
  const hear = useCallback(
    ({ source, data }: MessageEvent) => {
      if (!source || source !== frame.current?.contentWindow || !Number.isFinite(data)) return;
      setHeight(Math.min(Math.max(Math.ceil(data), LEAST_HEIGHT), MOST_HEIGHT));
    },
    [frame],
  );
  useEffect(() => {
    window.addEventListener('message', hear);
    return () => window.removeEventListener('message', hear);
  }, [hear]);
  return height;
}
