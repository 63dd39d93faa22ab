/**
 * Chooses the total, net sum and tax that fit each other among the labelled amounts. Labels are often doubtful, but
 * sums that add up are seldom wrong.
 */
import type { LabelledAmount } from './amount-rows.ts';
import { add, compare, decimal, multiply, near, subtract, type Decimal } from './amounts.ts';

/** A chosen amount, with the place it was read from unless it was computed. */
export interface Settled {
  readonly value: Decimal;
  readonly confidence: number;
  readonly source?: LabelledAmount;
}

/** The three sums of an invoice, as far as they are known. */
export interface Sums {
  readonly total?: Settled;
  readonly untaxed?: Settled;
  readonly tax?: Settled;
}

/** Amounts considered for each kind; the search is cubic, and more amounts find nothing further. */
const MOST_PER_KIND = 8;
const MOST_TAXES = 16;
const MOST_ADJUSTMENTS = 3;
const ZERO = decimal(0n, 2);

interface Option {
  readonly value: Decimal;
  readonly weight: number;
  readonly source?: LabelledAmount;
  readonly rate?: Decimal;
}

interface Choice {
  readonly score: number;
  readonly total?: Option;
  readonly untaxed?: Option;
  readonly tax?: Option;
  /** True when all three sums were printed and add up. */
  readonly closes: boolean;
}

/**
 * Merges equal values of one kind into one slightly surer option; the later place is kept because totals stand at the
 * end.
 */
function optionsOf(amounts: readonly LabelledAmount[], limit: number): Option[] {
  const byValue = new Map<string, Option>();
  const last = amounts.at(-1)?.order ?? 1;
  for (const amount of amounts) {
    const key = `${String(amount.value.units)}e${String(amount.value.scale)}`;
    const option = toOption(amount, last);
    const before = byValue.get(key);
    if (before === undefined) byValue.set(key, option);
    else
      byValue.set(key, {
        ...(before.weight > option.weight ? before : option),
        weight: Math.max(option.weight, before.weight) + 0.03,
      });
  }
  return [...byValue.values()].toSorted((a, b) => b.weight - a.weight).slice(0, limit);
}

function toOption(amount: LabelledAmount, lastOrder: number): Option {
  const { value, rate, kind, order } = amount;
  const nothing = value.units === 0n && kind !== 'tax' ? 0.4 : 1;
  const weight = nothing * amount.weight * (0.8 + 0.2 * amount.reading) + 0.04 * (order / lastOrder);
  return { value, weight, source: amount, ...(rate === undefined ? {} : { rate }) };
}

/** Adds neighbouring tax rows, because an invoice may have several tax rates. */
function taxSums(taxes: readonly LabelledAmount[]): Option[] {
  const sums: Option[] = [];
  const few = taxes.filter((tax) => tax.weight > 0.5).slice(-MOST_TAXES);
  for (let i = 0; i < few.length; i += 1) {
    const first = few[i];
    if (first === undefined) continue;
    let sum = first.value;
    for (let j = i + 1; j < Math.min(few.length, i + 5); j += 1) {
      const next = few[j];
      if (next === undefined || next.order - (few[j - 1]?.order ?? 0) > 4) break;
      sum = add(sum, next.value);
      sums.push({ value: sum, weight: 0.75 });
    }
  }
  return sums.slice(0, 2 * MOST_TAXES);
}

function absolute(value: Decimal): Decimal {
  return value.units < 0n ? { units: -value.units, scale: value.scale } : value;
}

/** Tells whether the tax equals the net sum times its printed rate. */
function fitsRate(net: Decimal, tax: Decimal, rate: Decimal | undefined): boolean {
  return rate !== undefined && near(multiply(net, { units: rate.units, scale: rate.scale + 2 }), tax, 2n);
}

/** Accepts a tax of at most about a third of the net sum. */
function plausible(net: Decimal, tax: Decimal): boolean {
  const [n, t] = [absolute(net), absolute(tax)];
  return compare(multiply(t, decimal(10n, 0)), multiply(n, decimal(4n, 0))) <= 0;
}

function triple(total: Option, untaxed: Option, tax: Option): Choice | undefined {
  if (!near(add(untaxed.value, tax.value), total.value) || !plausible(untaxed.value, tax.value)) return undefined;
  const bonus = (tax.value.units === 0n ? 0.7 : 1.2) + (fitsRate(untaxed.value, tax.value, tax.rate) ? 0.4 : 0);
  return { score: total.weight + untaxed.weight + tax.weight + bonus, total, untaxed, tax, closes: true };
}

/** Returns all sums of some of the adjustments, each added or subtracted. */
function shifts(adjustments: readonly Option[]): { shift: Decimal; used: number }[] {
  let sums: { shift: Decimal; used: number }[] = [{ shift: ZERO, used: 0 }];
  for (const { value } of adjustments.slice(0, MOST_ADJUSTMENTS)) {
    sums = sums.flatMap((sum) => [
      sum,
      { shift: add(sum.shift, value), used: sum.used + 1 },
      { shift: subtract(sum.shift, value), used: sum.used + 1 },
    ]);
  }
  return sums.filter((sum) => sum.used > 0 && sum.shift.units !== 0n);
}

interface Pools {
  readonly totals: readonly Option[];
  readonly nets: readonly Option[];
  readonly taxes: readonly Option[];
  readonly adjustments: readonly Option[];
  readonly withheld: readonly Option[];
  /** False when the lines may be gross: then their sum says nothing about net sum and tax without a printed tax. */
  readonly linesAreNet: boolean;
}

/** Finds sums that add up only with a discount, freight or a withheld tax. */
function shiftedTriple(total: Option, untaxed: Option, tax: Option, pools: Pools): Choice | undefined {
  const gap = subtract(total.value, add(untaxed.value, tax.value));
  const withheld = pools.withheld.find((option) => near(absolute(gap), absolute(option.value)));
  const score = total.weight + untaxed.weight + tax.weight + 0.8;
  if (withheld !== undefined) return { score, total, untaxed, tax, closes: true };
  const used = shifts(pools.adjustments).find((sum) => near(sum.shift, gap))?.used;
  if (used === undefined) return undefined;
  const net: Option = { value: subtract(total.value, tax.value), weight: untaxed.weight };
  return plausible(net.value, tax.value)
    ? { score: score - 0.1 * used, total, untaxed: net, tax, closes: true }
    : undefined;
}

function pairs(pools: Pools): Choice[] {
  const found: Choice[] = [];
  for (const total of pools.totals) {
    found.push({ score: total.weight, total, closes: false });
    for (const untaxed of pools.nets.filter((net) => net.source !== undefined || pools.linesAreNet)) {
      const rest = subtract(total.value, untaxed.value);
      const sameSign = compare(absolute(total.value), absolute(untaxed.value)) >= 0 && plausible(untaxed.value, rest);
      const bonus = rest.units === 0n ? 0.2 : -0.1;
      if (sameSign) found.push({ score: total.weight + 0.6 * untaxed.weight + bonus, total, untaxed, closes: false });
    }
    // Without a third sum to check against, a guessed label proves nothing.
    for (const tax of pools.taxes.filter((option) => option.weight >= 0.5)) {
      const net = subtract(total.value, tax.value);
      const bonus = fitsRate(net, tax.value, tax.rate) ? 0.5 : 0;
      if (plausible(net, tax.value))
        found.push({ score: total.weight + 0.6 * tax.weight + bonus, total, tax, closes: false });
    }
  }
  return found;
}

function withoutTotal(pools: Pools): Choice[] {
  return pools.nets.flatMap((untaxed) => [
    { score: 0.3 * untaxed.weight, untaxed, closes: false },
    ...pools.taxes
      .filter((tax) => plausible(untaxed.value, tax.value))
      .map((tax) => ({ score: 0.4 * (untaxed.weight + tax.weight), untaxed, tax, closes: false })),
  ]);
}

function triples(pools: Pools): Choice[] {
  const shifted = pools.adjustments.length + pools.withheld.length > 0;
  const sums = pools.totals.flatMap((total) => pools.nets.map((untaxed) => ({ total, untaxed })));
  return sums
    .flatMap(({ total, untaxed }) =>
      pools.taxes.map(
        (tax) => triple(total, untaxed, tax) ?? (shifted ? shiftedTriple(total, untaxed, tax, pools) : undefined),
      ),
    )
    .filter((choice) => choice !== undefined);
}

function settle(option: Option | undefined, sure: number, computed: Decimal | undefined): Settled | undefined {
  if (option !== undefined) {
    const certain = option.source === undefined ? sure - 0.15 : sure * (0.7 + 0.3 * option.source.reading);
    return {
      value: option.value,
      confidence: certain,
      ...(option.source === undefined ? {} : { source: option.source }),
    };
  }
  return computed === undefined ? undefined : { value: computed, confidence: sure - 0.2 };
}

/** Returns the three sums of a choice and computes the missing one. */
function complete(choice: Choice): Sums {
  const { total, untaxed, tax } = choice;
  const sure = choice.closes ? 0.98 : 0.55 + 0.25 * Math.min(1, total?.weight ?? 0);
  const settled = {
    total: settle(total, sure, combine(add, untaxed, tax)),
    untaxed: settle(untaxed, sure, combine(subtract, total, tax)),
    tax: settle(tax, sure, combine(subtract, total, untaxed)),
  };
  return Object.fromEntries(Object.entries(settled).filter(([, sum]) => sum !== undefined));
}

function combine(
  operation: (a: Decimal, b: Decimal) => Decimal,
  a: Option | undefined,
  b: Option | undefined,
): Decimal | undefined {
  return a === undefined || b === undefined ? undefined : operation(a.value, b.value);
}

/** The sums of the bases and of the taxes of several rates. */
export interface RateSums {
  readonly base: Decimal;
  readonly amount: Decimal;
}

/** The sum of the table's amounts, and whether its heading calls them net. */
export interface LineSum {
  readonly sum: Decimal | undefined;
  readonly areNet: boolean;
}

/** Chooses the sums of an invoice. */
export function settleSums(amounts: readonly LabelledAmount[], lines: LineSum, rates: RateSums | undefined): Sums {
  const of = (...kinds: readonly LabelledAmount['kind'][]): LabelledAmount[] =>
    amounts.filter((amount) => kinds.includes(amount.kind));
  const taxes = of('tax');
  const lineSum = lines.sum;
  const ofLines: Option[] = lineSum === undefined || lineSum.units === 0n ? [] : [{ value: lineSum, weight: 0.5 }];
  const ofRates = (value: Decimal | undefined): Option[] => (value === undefined ? [] : [{ value, weight: 0.9 }]);
  const nets = optionsOf(of('untaxed'), MOST_PER_KIND).map((net) =>
    lineSum !== undefined && near(net.value, lineSum) ? { ...net, weight: net.weight + 0.1 } : net,
  );
  const pools: Pools = {
    totals: optionsOf(of('total', 'due'), MOST_PER_KIND),
    nets: [...nets, ...ofLines, ...ofRates(rates?.base)],
    taxes: [...optionsOf(taxes, MOST_PER_KIND), ...taxSums(taxes), ...ofRates(rates?.amount)],
    adjustments: optionsOf(of('adjustment'), MOST_ADJUSTMENTS),
    withheld: optionsOf(of('withheld'), MOST_ADJUSTMENTS),
    linesAreNet: lines.areNet,
  };
  const choices = [...triples(pools), ...pairs(pools), ...withoutTotal(pools)];
  const best = choices.reduce<Choice | undefined>(
    (top, choice) => (top === undefined || choice.score > top.score + 1e-9 ? choice : top),
    undefined,
  );
  return best === undefined ? {} : complete(best);
}
