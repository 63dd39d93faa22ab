/** Applies the damage that scanners, cameras and careless handling do to a page. */
import type { Random } from '../../contracts/values/random.ts';
import { close, open, type Raster } from './raster.ts';

/** A point in pixels. */
export type Point = readonly [number, number];

function map(raster: Raster, change: (gray: number, x: number, y: number) => number): Raster {
  const data = new Uint8Array(raster.data.length);
  for (let y = 0, at = 0; y < raster.height; y += 1) {
    for (let x = 0; x < raster.width; x += 1, at += 1) {
      data[at] = Math.max(0, Math.min(255, Math.round(change(raster.data[at] ?? 0, x, y))));
    }
  }
  return { ...raster, data };
}

/** Rotates the page clockwise by a multiple of 90 degrees. */
export function turn(raster: Raster, degrees: 90 | 180 | 270): Promise<Raster> {
  return close(open(raster).rotate(degrees), raster.dpi);
}

/** Rotates the page clockwise by a few degrees and keeps its size, as the glass of a scanner does. */
export async function skew(raster: Raster, degrees: number): Promise<Raster> {
  const turned = await close(open(raster).rotate(degrees, { background: '#ffffff' }), raster.dpi);
  const left = Math.max(0, Math.floor((turned.width - raster.width) / 2));
  const top = Math.max(0, Math.floor((turned.height - raster.height) / 2));
  const part = {
    left,
    top,
    width: Math.min(raster.width, turned.width),
    height: Math.min(raster.height, turned.height),
  };
  return close(open(turned).extract(part), raster.dpi);
}

/** Blurs the page. */
export function blur(raster: Raster, sigma: number): Promise<Raster> {
  return close(open(raster).blur(sigma), raster.dpi);
}

/** Scales the grays to the range between `ink`, the darkest, and `paper`, the lightest. */
export function contrast(raster: Raster, ink: number, paper: number): Raster {
  return map(raster, (gray) => ink + ((paper - ink) * gray) / 255);
}

/** Adds fine grain to every pixel. */
export function grain(raster: Raster, strength: number, random: Random): Raster {
  return map(raster, (gray) => gray + random.bell() * strength);
}

/** Turns a share of the pixels black or white. */
export function saltAndPepper(raster: Raster, share: number, random: Random): Raster {
  return map(raster, (gray) => (random.next() < share ? (random.next() < 0.5 ? 0 : 255) : gray));
}

/** Adds small round dark specks, as from a dusty glass. */
export function speckle(raster: Raster, count: number, random: Random): Raster {
  const spotted = { ...raster, data: Uint8Array.from(raster.data) };
  for (let speck = 0; speck < count; speck += 1) {
    const centre: Point = [random.int(0, raster.width - 1), random.int(0, raster.height - 1)];
    const radius = random.between(0.6, 1.8);
    spot(spotted, centre, radius, random.int(20, 150));
  }
  return spotted;
}

/** Paints one round speck into the raster itself. */
function spot(raster: Raster, [cx, cy]: Point, radius: number, gray: number): void {
  const [left, right] = [Math.max(0, Math.ceil(cx - radius)), Math.min(raster.width - 1, Math.floor(cx + radius))];
  const [top, bottom] = [Math.max(0, Math.ceil(cy - radius)), Math.min(raster.height - 1, Math.floor(cy + radius))];
  for (let y = top; y <= bottom; y += 1) {
    for (let x = left; x <= right; x += 1) {
      if (Math.hypot(x - cx, y - cy) <= radius) raster.data[y * raster.width + x] = gray;
    }
  }
}

/** Lights the page from one corner: full light at `lamp`, decreasing to `darkest` at the far end. */
export function light(raster: Raster, lamp: Point, darkest: number): Raster {
  const far = Math.hypot(Math.max(lamp[0], raster.width - lamp[0]), Math.max(lamp[1], raster.height - lamp[1]));
  return map(raster, (gray, x, y) => {
    const distance = Math.hypot(x - lamp[0], y - lamp[1]) / far;
    return gray * (1 - (1 - darkest) * distance ** 1.4);
  });
}

/**
 * Photographs the page: its corners, clockwise from the top left, move to `corners` of a picture as large as the page,
 * on a table of one gray.
 */
export function photograph(raster: Raster, corners: readonly [Point, Point, Point, Point], table: number): Raster {
  const back = invert3(squareTo(corners));
  return map(raster, (_, x, y) => {
    const w = back[6] * x + back[7] * y + back[8];
    const u = ((back[0] * x + back[1] * y + back[2]) / w) * (raster.width - 1);
    const v = ((back[3] * x + back[4] * y + back[5]) / w) * (raster.height - 1);
    return sample(raster, u, v, table);
  });
}

function sample(raster: Raster, u: number, v: number, outside: number): number {
  const [x, y] = [Math.floor(u), Math.floor(v)];
  if (x < 0 || y < 0 || x >= raster.width - 1 || y >= raster.height - 1) return outside;
  const at = y * raster.width + x;
  const [fx, fy] = [u - x, v - y];
  const { data, width } = raster;
  const upper = (data[at] ?? 0) * (1 - fx) + (data[at + 1] ?? 0) * fx;
  const lower = (data[at + width] ?? 0) * (1 - fx) + (data[at + width + 1] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}

type Matrix = readonly [number, number, number, number, number, number, number, number, number];

/** Returns the projective map from the unit square to four corners, in Heckbert's closed form. */
function squareTo([a, b, c, d]: readonly [Point, Point, Point, Point]): Matrix {
  const [sx, sy] = [a[0] - b[0] + c[0] - d[0], a[1] - b[1] + c[1] - d[1]];
  const [dx1, dy1, dx2, dy2] = [b[0] - c[0], b[1] - c[1], d[0] - c[0], d[1] - c[1]];
  const whole = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / whole;
  const h = (dx1 * sy - sx * dy1) / whole;
  return [
    b[0] - a[0] + g * b[0],
    d[0] - a[0] + h * d[0],
    a[0],
    b[1] - a[1] + g * b[1],
    d[1] - a[1] + h * d[1],
    a[1],
    g,
    h,
    1,
  ];
}

/** Returns the inverse of a matrix up to a factor, which does not change a projective map. */
function invert3([a, b, c, d, e, f, g, h, i]: Matrix): Matrix {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}
