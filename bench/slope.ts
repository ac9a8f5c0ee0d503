/** Two numbers that belong together. */
export type Point = readonly [x: number, y: number];

/** By how much the second number grows with the first: least squares, so that no single measurement decides. */
export const slope = (points: readonly Point[]): number => {
  const mean = (side: 0 | 1) => points.reduce((sum, point) => sum + point[side], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const along = (sum: number, [px, py]: Point) => sum + (px - x) * (py - y);
  return points.reduce(along, 0) / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
};
