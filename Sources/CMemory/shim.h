// Fetches the cache line of an address ahead of its use; any address will do.
static inline void gosset_prefetch(const void *address) { __builtin_prefetch(address); }
