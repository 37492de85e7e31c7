// Writes numbers and times: axis labels with just enough digits to differ, readouts with all that matter.

const MINUS = '−';

/** Labels for ticks of a plain axis: as few digits as tell them apart, exponents only when plain is long. */
export function tickLabels(ticks: readonly number[]): string[] {
  if (ticks.length === 0) return [];
  const largest = Math.max(...ticks.map(Math.abs));
  const gap = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : largest || 1;
  const exponent = largest > 0 ? Math.floor(Math.log10(largest)) : 0;
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(gap) + 1e-9)));
  const plain = exponent < 6 && decimals <= 5;
  if (plain) return ticks.map((tick) => withMinus(tick.toFixed(decimalsNeeded(ticks, decimals))));
  const digits = Math.min(15, Math.max(0, exponent - Math.floor(Math.log10(gap) + 1e-9)));
  const needed = exponentDigitsNeeded(ticks, digits);
  return ticks.map((tick) => (tick === 0 ? '0' : shortExponent(tick.toExponential(needed))));
}

/** Labels for a logarithmic axis: each stands alone, because decades differ by their exponent. */
export function logLabels(ticks: readonly number[]): string[] {
  const narrow = ticks.length > 1 && ticks[ticks.length - 1] / ticks[0] < 10 && !ticks.every(isShort);
  return narrow ? tickLabels(ticks) : ticks.map(logLabel);
}

/** Labels for a symmetric logarithmic axis: each stands alone. */
export function symlogLabels(ticks: readonly number[]): string[] {
  return ticks.map((tick) => (tick < 0 ? MINUS : '') + (tick === 0 ? '0' : logLabel(Math.abs(tick))));
}

function logLabel(tick: number): string {
  return tick >= 1e6 ? shortExponent(tick.toExponential(2), true) : formatValue(tick, 3);
}

function isShort(value: number): boolean {
  return String(Number(value.toPrecision(2))) === String(Number(value.toPrecision(12)));
}

// A step of 0.5 between whole ticks that all end in .0 needs no decimals after all.
function decimalsNeeded(ticks: readonly number[], most: number): number {
  for (let decimals = Math.max(0, most - 1); decimals < most; decimals++) {
    if (ticks.every((tick) => Math.abs(Number(tick.toFixed(decimals)) - tick) < Math.abs(tick) * 1e-9)) {
      return decimals;
    }
  }
  return most;
}

function exponentDigitsNeeded(ticks: readonly number[], most: number): number {
  for (let digits = 0; digits < most; digits++) {
    if (ticks.every((tick) => same(Number(tick.toExponential(digits)), tick))) return digits;
  }
  return most;
}

function same(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.abs(b) * 1e-12;
}

/** A value for reading: `significant` digits, no trailing zeros, exponents outside 1e-4 … 1e7. */
export function formatValue(value: number, significant = 6): string {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return '+∞';
  if (value === -Infinity) return `${MINUS}∞`;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return withMinus(String(value));
  if (size >= 1e7 || size < 1e-4) return shortExponent(value.toExponential(significant - 1), true);
  return withMinus(String(Number(value.toPrecision(significant))));
}

/** A difference: with its sign, also where it is positive. */
export function formatSigned(value: number, significant = 6): string {
  return (value > 0 ? '+' : '') + formatValue(value, significant).replace('+∞', '∞');
}

/** A step, grouped by thousands. */
export function formatStep(step: number, locale: string): string {
  return Math.abs(step) <= Number.MAX_SAFE_INTEGER
    ? withMinus(step.toLocaleString(locale, { maximumFractionDigits: 6 }))
    : formatValue(step, 16);
}

// 1.50e+07 → 1.5e7; 1e-05 stays short.
function shortExponent(text: string, trim = false): string {
  const [mantissa, exponent] = text.split('e');
  const digits = trim && mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return withMinus(`${digits}e${exponent.replace('+', '')}`);
}

function withMinus(text: string): string {
  return text.replaceAll('-', MINUS);
}

/** A duration in the largest unit that fits, for reading: `1h 02m 03s`, `12.5 s`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return formatValue(seconds);
  const sign = seconds < 0 ? MINUS : '';
  const size = Math.abs(seconds);
  if (size < 60) return `${sign}${formatValue(Number(size.toPrecision(4)))}s`;
  const whole = Math.round(size);
  const parts = [
    Math.floor(whole / 86400),
    Math.floor((whole % 86400) / 3600),
    Math.floor((whole % 3600) / 60),
  ];
  const [days, hours, minutes] = parts;
  if (days > 0) return `${sign}${days}d ${pad(hours)}h ${pad(minutes)}m`;
  if (hours > 0) return `${sign}${hours}h ${pad(minutes)}m ${pad(whole % 60)}s`;
  return `${sign}${minutes}m ${pad(whole % 60)}s`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** Labels for durations: one unit for the whole axis, the one of the step between ticks. */
export function durationLabels(ticks: readonly number[]): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs));
  const [unit, name] =
    largest >= 2 * 86400
      ? [86400, 'd']
      : largest >= 7200
        ? [3600, 'h']
        : largest >= 120
          ? [60, 'm']
          : [1, 's'];
  const labels = tickLabels(ticks.map((tick) => tick / unit));
  return labels.map((label, i) => (ticks[i] === 0 ? '0' : trimZeros(label) + name));
}

function trimZeros(label: string): string {
  return label.includes('.') && !label.includes('e') ? label.replace(/\.?0+$/, '') : label;
}

/** Labels for local times: the time of day, and the date where a day begins or the axis spans days. */
export function wallLabels(ticks: readonly number[], locale: string): string[] {
  const gap = ticks.length > 1 ? ticks[1] - ticks[0] : 0;
  const options: Intl.DateTimeFormatOptions =
    gap >= 86400
      ? { month: 'short', day: 'numeric' }
      : gap >= 60 || gap === 0
        ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
        : { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' };
  if (gap > 0 && gap < 1) options.fractionalSecondDigits = 3;
  const time = formatter(locale, options);
  const date = formatter(locale, { month: 'short', day: 'numeric' });
  return ticks.map((tick) => {
    const moment = new Date(tick * 1000);
    if (Number.isNaN(moment.getTime())) return '';
    const midnight = moment.getHours() + moment.getMinutes() + moment.getSeconds() === 0;
    return midnight && gap < 86400 ? date.format(moment) : time.format(moment);
  });
}

/** A local date and time for reading, to the second. */
export function formatWallTime(seconds: number, locale: string): string {
  const moment = new Date(seconds * 1000);
  if (Number.isNaN(moment.getTime())) return formatValue(seconds);
  return formatter(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }).format(moment);
}

// Making a formatter costs a hundred times more than using it.
const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let made = formatters.get(key);
  if (!made) formatters.set(key, (made = new Intl.DateTimeFormat(locale, options)));
  return made;
}
