/** Converts places between a page as shown and the upright, straightened page that was read. */
import type { Turn } from '../gray.ts';
import { boxAround, cornersOf, type Box } from './boxes.ts';

/** How a page or a part of it was made upright. */
export interface Uprighting {
  /** Size before it was turned, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly rotation: Turn;
  /** Tilt that was removed afterwards, in degrees. */
  readonly skew: number;
}

type Point = readonly [number, number];

/** Converts a place on the upright page to the page as shown. */
export function toShownPlace(box: Box, upright: Uprighting): Box {
  return boxAround(cornersOf(box).map((point) => toShownPoint(point, upright)));
}

/** Converts a point of the upright page to the page as shown. */
export function toShownPoint([x, y]: Point, upright: Uprighting): Point {
  const [width, height] = turnedSize(upright);
  const [grownWidth, grownHeight] = grownSize(width, height, upright.skew);
  const [dx, dy] = rotated([(x - 0.5) * grownWidth, (y - 0.5) * grownHeight], upright.skew);
  return turnedBack([dx / width + 0.5, dy / height + 0.5], upright.rotation);
}

/** Converts a place on the page as shown to the upright page. */
export function toUprightPlace(box: Box, upright: Uprighting): Box {
  const [width, height] = turnedSize(upright);
  const [grownWidth, grownHeight] = grownSize(width, height, upright.skew);
  return boxAround(
    cornersOf(box).map((point) => {
      const [x, y] = turned(point, upright.rotation);
      const [dx, dy] = rotated([(x - 0.5) * width, (y - 0.5) * height], -upright.skew);
      return [dx / grownWidth + 0.5, dy / grownHeight + 0.5];
    }),
  );
}

function turnedSize({ width, height, rotation }: Uprighting): Point {
  return rotation === 90 || rotation === 270 ? [height, width] : [width, height];
}

function grownSize(width: number, height: number, degrees: number): Point {
  const [sine, cosine] = [Math.abs(Math.sin(radians(degrees))), Math.abs(Math.cos(radians(degrees)))];
  return [width * cosine + height * sine, width * sine + height * cosine];
}

/** Turns clockwise on a page whose rows count from the top. */
function rotated([x, y]: Point, degrees: number): Point {
  const [sine, cosine] = [Math.sin(radians(degrees)), Math.cos(radians(degrees))];
  return [x * cosine - y * sine, x * sine + y * cosine];
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function turned([x, y]: Point, rotation: Turn): Point {
  if (rotation === 90) return [1 - y, x];
  if (rotation === 180) return [1 - x, 1 - y];
  return rotation === 270 ? [y, 1 - x] : [x, y];
}

function turnedBack(point: Point, rotation: Turn): Point {
  return turned(point, rotation === 90 ? 270 : rotation === 270 ? 90 : rotation);
}
