#include "engine/record.h"

#include "crypto/digest.h"

namespace jangbu::engine {

Bytes Record::body() const {
  Bytes out;
  out.reserve(payload.size() + 32);
  ByteWriter writer(out);
  writer.u16(kind);
  writer.varint(batch);
  writer.i64(recorded_at.us);
  writer.i64(wall_at.us);
  writer.raw(payload);
  return out;
}

Hash body_hash(ByteView body) { return crypto::sha256(body); }

Hash chain_hash(const Hash& previous, std::uint64_t number, ByteView body) {
  return chain_hash_of(previous, number, body_hash(body));
}

Hash chain_hash_of(const Hash& previous, std::uint64_t number, const Hash& body_hash) {
  Bytes link;
  link.reserve(72);
  ByteWriter writer(link);
  writer.raw(previous.view());
  writer.u64(number);
  writer.raw(body_hash.view());
  return crypto::sha256(link);
}

Result<Record> decode_record(std::uint64_t number, ByteView hash, ByteView body, ByteView seal) {
  Record record;
  record.number = number;
  const auto whole_hash = Hash::from_bytes(hash);
  if (!whole_hash)
    return Error(Errc::invalid_encoding,
                 "record " + std::to_string(number) + " has a hash that is not 32 bytes");
  record.hash = *whole_hash;
  ByteReader reader(body);
  record.kind = reader.u16();
  record.batch = reader.varint();
  record.recorded_at = Instant{reader.i64()};
  record.wall_at = Instant{reader.i64()};
  record.payload = Bytes(reader.raw(reader.remaining()));
  if (!reader.ok())
    return Error(Errc::invalid_encoding, "record " + std::to_string(number) + " has no readable body");
  record.seal = Bytes(seal);
  return record;
}

}  // namespace jangbu::engine
