// Generic operations on one object through its field table: emptiness, values, comparison.
#pragma once

#include "foyer/schema/entity.h"
#include "foyer/schema/value.h"

namespace foyer {

// Empty text, null id, no instant, no money, zero integer, first enumerator, empty set or list.
bool is_empty_field(const Field& field, const void* object);

// See value.h; monostate for lists, bytes, and for empty text, ids, instants and money.
Value value_of(const Field& field, const void* object);

bool equal_fields(const Field& field, const void* a, const void* b);
void copy_field(const Field& field, const void* from, void* to);
void clear_field(const Field& field, void* object);

}  // namespace foyer
