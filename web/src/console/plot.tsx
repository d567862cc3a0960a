// Thirty days as a plot. uPlot draws on a canvas; what it says stands beside it for those who cannot see that.
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';

import { type Language, useLanguage } from '../base/language';
import { amountText } from './cells';

export interface Series {
  label: string;
  currency: string;
  /** Decimal texts, one for each day. */
  days: string[];
}

const height = 180;
const dayMs = 86_400_000;

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const strokes = ['--accent', '--wait', '--bad', '--muted'];

function options(series: Series[], width: number, language: Language): uPlot.Options {
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 } };
  const compact = new Intl.NumberFormat(language === 'ko' ? 'ko-KR' : 'en-US', { notation: 'compact' });
  return {
    width,
    height,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: true }, y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 1)] } },
    axes: [
      { ...axis, space: 60, size: 32, values: (_plot, ticks) => ticks.map((tick) => new Date(tick * 1000).toLocaleDateString(language === 'ko' ? 'ko-KR' : 'en-US', { month: 'numeric', day: 'numeric', timeZone: 'Asia/Seoul' })) },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map((tick) => compact.format(tick)) },
    ],
    series: [{}, ...series.map((each, index) => ({ label: each.label, stroke: colour(strokes[index % strokes.length] ?? '--accent'), width: 2, points: { show: false } }))],
  };
}

export function Plot({ title, firstDay, series }: { title: string; firstDay: string; series: Series[] }) {
  const language = useLanguage();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const first = Date.parse(firstDay);
    const days = series[0]?.days.length ?? 0;
    // A drawing needs no exact amounts: binary numbers place its points.
    const data: uPlot.AlignedData = [
      Array.from({ length: days }, (_, day) => (first + day * dayMs) / 1000),
      ...series.map((each) => each.days.map(Number)),
    ];
    let plot: uPlot | null = null;
    const draw = () => {
      plot?.destroy();
      plot = new uPlot(options(series, element.clientWidth, language), data, element);
    };
    draw();
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    const observer = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      scheme.removeEventListener('change', draw);
      observer.disconnect();
      plot?.destroy();
    };
  }, [firstDay, series, language]);
  const said = series.map((each) => `${each.label}: ${amountText(each.days[each.days.length - 1] ?? '0', each.currency, language)}`).join(', ');
  return <div ref={frame} class="plot" role="img" aria-label={`${title}. ${said}`} />;
}
