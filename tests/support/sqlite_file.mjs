// The bytes of a database file as its format describes them (https://www.sqlite.org/fileformat2.html), without SQLite: where
// on the disk a value of a row stands.
import fs from 'node:fs';

/** A number in SQLite's form of one to nine bytes: its value and the place behind it. */
function varint(bytes, at) {
  let value = 0n;
  for (let i = 0; i < 9; i++) {
    const byte = BigInt(bytes[at + i]);
    if (i === 8) return [(value << 8n) | byte, at + 9];
    value = (value << 7n) | (byte & 0x7fn);
    if (byte < 0x80n) return [value, at + i + 1];
  }
  return undefined;
}

const integerSizes = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];
const sizeOf = (type) => (type < 12 ? integerSizes[type] : (type - 12) >> 1);

export class SqliteFile {
  constructor(file) {
    this.bytes = fs.readFileSync(file);
    this.pageSize = this.bytes.readUInt16BE(16) === 1 ? 65536 : this.bytes.readUInt16BE(16);
    this.usable = this.pageSize - this.bytes[20];
  }

  /** The places of all leaf cells of the tree whose root is page `root`, in order; `isTable`: it has row ids. */
  cells(root) {
    const page = (root - 1) * this.pageSize;
    const header = root === 1 ? page + 100 : page;
    const kind = this.bytes[header];
    const isInterior = kind === 2 || kind === 5;
    const isTable = kind === 5 || kind === 13;
    const count = this.bytes.readUInt16BE(header + 3);
    const found = [];
    for (let i = 0; i < count; i++) {
      const at = page + this.bytes.readUInt16BE(header + (isInterior ? 12 : 8) + 2 * i);
      if (isInterior) found.push(...this.cells(this.bytes.readUInt32BE(at)));
      else found.push({ at, isTable });
    }
    if (isInterior) found.push(...this.cells(this.bytes.readUInt32BE(header + 8)));
    return found;
  }

  /** What of a leaf cell stands in its page: `key`, the last byte of its row id, and the columns' types and values. */
  cell({ at, isTable }) {
    let position = at;
    let size;
    let key;
    [size, position] = varint(this.bytes, position);
    if (isTable) {
      [, position] = varint(this.bytes, position);
      key = position - 1;
    }
    const begin = position;
    const end = begin + this.#local(Number(size), isTable);
    let headerSize;
    [headerSize, position] = varint(this.bytes, begin);
    let value = begin + Number(headerSize);
    const columns = [];
    while (position < begin + Number(headerSize)) {
      let type;
      [type, position] = varint(this.bytes, position);
      const length = sizeOf(Number(type));
      columns.push({ type: Number(type), typeAt: position - 1, valueAt: value, valueEnd: Math.min(value + length, end) });
      value += length;
    }
    return { key, columns };
  }

  /** How much of a cell's content stands in its page, the rest being elsewhere. */
  #local(size, isTable) {
    const most = isTable ? this.usable - 35 : Math.floor(((this.usable - 12) * 64) / 255) - 23;
    if (size <= most) return size;
    const least = Math.floor(((this.usable - 12) * 32) / 255) - 23;
    const kept = least + ((size - least) % (this.usable - 4));
    return kept <= most ? kept : least;
  }
}
