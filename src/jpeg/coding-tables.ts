// The Huffman codes of a stream's tables.
import { codeTable } from './huffman-table.js';
import { layOutScan, oncePerHeader } from './scan-layout.js';

/** Codes by symbol of the header's tables, one a component. */
export const codingTables = oncePerHeader((header) => {
  const { dcTables, acTables } = layOutScan(header);
  return { dcCodes: dcTables.map((table) => codeTable(table)), acCodes: acTables.map((table) => codeTable(table)) };
});
