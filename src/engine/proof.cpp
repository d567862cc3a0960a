#include "engine/proof.h"

#include "crypto/digest.h"

namespace jangbu::engine {

Hash row_proof(std::string_view table, std::span<const store::Value> values) {
  Bytes bytes;
  ByteWriter writer(bytes);
  writer.text(table);
  for (const store::Value& value : values) {
    const bool is_integer = value.type() == store::Value::Type::integer;
    writer.u8(is_integer ? 1 : 2);
    if (is_integer) {
      writer.i64(value.as_integer());
    } else {
      writer.text(value.as_bytes());
    }
  }
  return crypto::sha256(bytes);
}

}  // namespace jangbu::engine
