// The reader of the payload of docs/formats/click-records.md, written from that page and from nothing else.

/** kind -> reader */
export const payloads = {
  65: (in_) => ({
    minute: in_.varint(), first: in_.varint(),
    clicks: in_.list(() => ({
      after: in_.varint(), affiliate: in_.varint(), merchant: in_.varint(), l: in_.text(), code1: in_.text(), code2: in_.text(),
      userId: in_.text(), visitor: in_.u64(), device: in_.varint(), marks: in_.varint(),
    })),
  }),
};
