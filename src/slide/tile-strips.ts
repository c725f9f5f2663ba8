// Strips: tiles of a row side by side, each of one plane, that are copied in one go.

export type TileStrips<Made> = {
  /** The planes of tiles from here on that can be copied together; none where this one can't be. */
  readonly planesFrom: (row: number, column: number) => readonly number[];
  readonly copy: (
    row: number,
    column: number,
    planes: readonly number[],
    signal?: AbortSignal,
  ) => Promise<readonly Made[]>;
};
