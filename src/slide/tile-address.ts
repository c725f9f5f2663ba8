// Which tile: order from slowest to fastest changing is level, plane, row, column.

export type TileAddress = {
  readonly level: number;
  readonly plane: number;
  readonly row: number;
  readonly column: number;
};
