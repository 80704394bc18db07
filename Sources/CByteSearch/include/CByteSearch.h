// Finds the bytes that end JSON strings and containers, sixteen or sixty-four at a time.
//
// Everything is inline, needs no more than the baseline of each architecture, and never reads outside of the buffer.
#ifndef CBYTESEARCH_H
#define CBYTESEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

#define CBS_INLINE static inline __attribute__((always_inline, unused))

// One block of sixteen bytes. A mask has `CBS_BITS` bits for each byte, the lowest for the first byte.
#if defined(__SSE2__)

#define CBS_HAS_VECTORS 1
#define CBS_BITS 1
typedef __m128i cbs_block;
typedef uint32_t cbs_mask;

CBS_INLINE cbs_block cbs_load(const uint8_t *at) { return _mm_loadu_si128((const __m128i *)at); }
CBS_INLINE void cbs_store(uint8_t *at, cbs_block block) { _mm_storeu_si128((__m128i *)at, block); }
CBS_INLINE cbs_block cbs_equal(cbs_block block, uint8_t byte) {
    return _mm_cmpeq_epi8(block, _mm_set1_epi8((char)byte));
}
CBS_INLINE cbs_block cbs_or(cbs_block a, cbs_block b) { return _mm_or_si128(a, b); }
CBS_INLINE cbs_block cbs_and(cbs_block a, cbs_block b) { return _mm_and_si128(a, b); }
/// `first` and the `more` bytes behind it.
CBS_INLINE cbs_block cbs_in(cbs_block block, uint8_t first, uint8_t more) {
    cbs_block distance = _mm_sub_epi8(block, _mm_set1_epi8((char)first));
    return _mm_cmpeq_epi8(_mm_min_epu8(distance, _mm_set1_epi8((char)more)), distance);
}
/// The braces and brackets: `[` and `{`, `]` and `}` differ in one bit.
CBS_INLINE cbs_block cbs_lower(cbs_block block) { return _mm_or_si128(block, _mm_set1_epi8(0x20)); }
CBS_INLINE cbs_mask cbs_bits(cbs_block block) { return (cbs_mask)_mm_movemask_epi8(block); }
/// Not ASCII.
CBS_INLINE cbs_block cbs_high(cbs_block block) { return _mm_cmplt_epi8(block, _mm_setzero_si128()); }
CBS_INLINE uint64_t cbs_bits16(cbs_block block) { return (uint64_t)(uint32_t)_mm_movemask_epi8(block); }

#elif defined(__ARM_NEON) && defined(__aarch64__)

#define CBS_HAS_VECTORS 1
#define CBS_BITS 4
typedef uint8x16_t cbs_block;
typedef uint64_t cbs_mask;

CBS_INLINE cbs_block cbs_load(const uint8_t *at) { return vld1q_u8(at); }
CBS_INLINE void cbs_store(uint8_t *at, cbs_block block) { vst1q_u8(at, block); }
CBS_INLINE cbs_block cbs_equal(cbs_block block, uint8_t byte) { return vceqq_u8(block, vdupq_n_u8(byte)); }
CBS_INLINE cbs_block cbs_or(cbs_block a, cbs_block b) { return vorrq_u8(a, b); }
CBS_INLINE cbs_block cbs_and(cbs_block a, cbs_block b) { return vandq_u8(a, b); }
/// `first` and the `more` bytes behind it.
CBS_INLINE cbs_block cbs_in(cbs_block block, uint8_t first, uint8_t more) {
    return vcleq_u8(vsubq_u8(block, vdupq_n_u8(first)), vdupq_n_u8(more));
}
/// The braces and brackets: `[` and `{`, `]` and `}` differ in one bit.
CBS_INLINE cbs_block cbs_lower(cbs_block block) { return vorrq_u8(block, vdupq_n_u8(0x20)); }
CBS_INLINE cbs_mask cbs_bits(cbs_block block) {
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(block), 4)), 0);
}
/// Not ASCII.
CBS_INLINE cbs_block cbs_high(cbs_block block) { return vcgeq_u8(block, vdupq_n_u8(0x80)); }
/// One bit for each byte.
CBS_INLINE uint64_t cbs_bits16(cbs_block block) {
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t bits = vandq_u8(block, vld1q_u8(weights));
    return (uint64_t)vaddv_u8(vget_low_u8(bits)) | (uint64_t)vaddv_u8(vget_high_u8(bits)) << 8;
}

#else
#define CBS_HAS_VECTORS 0
#endif

/// The quote that ends a string whose first byte is at `from`: the first behind an even number of backslashes.
///
/// Returns -1 when there is none before `count`.
CBS_INLINE ptrdiff_t cbs_closing_quote(const uint8_t *bytes, ptrdiff_t from, ptrdiff_t count) {
    ptrdiff_t at = from;
    while (at < count) {
        ptrdiff_t quote;
#if CBS_HAS_VECTORS
        for (;;) {
            if (at + 16 > count) {
                while (at < count && bytes[at] != '"') at++;
                if (at == count) return -1;
                quote = at;
                break;
            }
            cbs_mask hits = cbs_bits(cbs_equal(cbs_load(bytes + at), '"'));
            if (hits != 0) {
                quote = at + __builtin_ctzll(hits) / CBS_BITS;
                break;
            }
            at += 16;
            // Long strings: sixty-four bytes at a time.
            while (at + 64 <= count) {
                cbs_block a = cbs_equal(cbs_load(bytes + at), '"');
                cbs_block b = cbs_equal(cbs_load(bytes + at + 16), '"');
                cbs_block c = cbs_equal(cbs_load(bytes + at + 32), '"');
                cbs_block d = cbs_equal(cbs_load(bytes + at + 48), '"');
                if (cbs_bits(cbs_or(cbs_or(a, b), cbs_or(c, d))) != 0) break;
                at += 64;
            }
        }
#else
        const uint8_t *hit = (const uint8_t *)memchr(bytes + at, '"', (size_t)(count - at));
        if (hit == NULL) return -1;
        quote = hit - bytes;
#endif
        if (quote == from || bytes[quote - 1] != '\\') return quote;
        ptrdiff_t run = quote - 1;
        while (run > from && bytes[run - 1] == '\\') run--;
        if (((quote - run) & 1) == 0) return quote;
        at = quote + 1;
    }
    return -1;
}

/// What follows the bracket that closes the container whose inside begins at `from`.
///
/// Returns -1 when it is not found: then the bytes must be walked one by one, which also gives the reason.
CBS_INLINE ptrdiff_t cbs_container_end(const uint8_t *bytes, ptrdiff_t from, ptrdiff_t count) {
#if CBS_HAS_VECTORS
    const uint64_t odd = 0xAAAAAAAAAAAAAAAAull;
    int64_t depth = 1;
    uint64_t in_string = 0;
    uint64_t escaped_first = 0;
    uint8_t padded[64];
    for (ptrdiff_t at = from; at < count; at += 64) {
        const uint8_t *block = bytes + at;
        if (at + 64 > count) {
            memset(padded, 0, sizeof padded);
            memcpy(padded, block, (size_t)(count - at));
            block = padded;
        }
        cbs_block a = cbs_load(block), b = cbs_load(block + 16), c = cbs_load(block + 32), d = cbs_load(block + 48);
        uint64_t quotes = cbs_bits16(cbs_equal(a, '"')) | cbs_bits16(cbs_equal(b, '"')) << 16
            | cbs_bits16(cbs_equal(c, '"')) << 32 | cbs_bits16(cbs_equal(d, '"')) << 48;
        uint64_t slashes = cbs_bits16(cbs_equal(a, '\\')) | cbs_bits16(cbs_equal(b, '\\')) << 16
            | cbs_bits16(cbs_equal(c, '\\')) << 32 | cbs_bits16(cbs_equal(d, '\\')) << 48;
        uint64_t escaped = escaped_first;
        if (slashes != 0) {
            // A byte is escaped when an odd run of backslashes ends before it.
            uint64_t potential = slashes & ~escaped_first;
            uint64_t series = (((potential << 1) | odd) - potential) ^ odd;
            escaped = series ^ (slashes | escaped_first);
            escaped_first = (series & slashes) >> 63;
        } else {
            escaped_first = 0;
        }
        quotes &= ~escaped;
        if (quotes == 0 && in_string != 0) continue;
        uint64_t inside = quotes;
        inside ^= inside << 1;
        inside ^= inside << 2;
        inside ^= inside << 4;
        inside ^= inside << 8;
        inside ^= inside << 16;
        inside ^= inside << 32;
        inside ^= in_string;
        in_string = (uint64_t)((int64_t)inside >> 63);
        // A backslash has no meaning outside of strings; such bytes are no JSON, and read one by one.
        if ((slashes & ~inside) != 0) return -1;
        a = cbs_lower(a), b = cbs_lower(b), c = cbs_lower(c), d = cbs_lower(d);
        uint64_t closing = cbs_bits16(cbs_equal(a, '}')) | cbs_bits16(cbs_equal(b, '}')) << 16
            | cbs_bits16(cbs_equal(c, '}')) << 32 | cbs_bits16(cbs_equal(d, '}')) << 48;
        uint64_t opening = cbs_bits16(cbs_equal(a, '{')) | cbs_bits16(cbs_equal(b, '{')) << 16
            | cbs_bits16(cbs_equal(c, '{')) << 32 | cbs_bits16(cbs_equal(d, '{')) << 48;
        closing &= ~inside;
        opening &= ~inside;
        while (closing != 0) {
            // What is opened before the next closing bracket.
            uint64_t before = opening & ((closing & -closing) - 1);
            while (before != 0) {
                depth++;
                before &= before - 1;
                opening &= opening - 1;
            }
            depth--;
            if (depth == 0) return at + __builtin_ctzll(closing) + 1;
            closing &= closing - 1;
        }
        while (opening != 0) {
            depth++;
            opening &= opening - 1;
        }
    }
#endif
    return -1;
}

/// The first `{"` at or after `from` that is followed by `first` or `second`; -1 when there is none.
CBS_INLINE ptrdiff_t cbs_object_start(
    const uint8_t *bytes, ptrdiff_t from, ptrdiff_t count, uint8_t first, uint8_t second) {
    ptrdiff_t at = from;
#if CBS_HAS_VECTORS
    for (; at + 66 <= count; at += 64) {
        cbs_block a = cbs_equal(cbs_load(bytes + at), '{');
        cbs_block b = cbs_equal(cbs_load(bytes + at + 16), '{');
        cbs_block c = cbs_equal(cbs_load(bytes + at + 32), '{');
        cbs_block d = cbs_equal(cbs_load(bytes + at + 48), '{');
        if (cbs_bits(cbs_or(cbs_or(a, b), cbs_or(c, d))) == 0) continue;
        uint64_t hits = cbs_bits16(a) | cbs_bits16(b) << 16 | cbs_bits16(c) << 32 | cbs_bits16(d) << 48;
        for (; hits != 0; hits &= hits - 1) {
            ptrdiff_t hit = at + __builtin_ctzll(hits);
            uint8_t letter = bytes[hit + 2];
            if (bytes[hit + 1] == '"' && (letter == first || letter == second)) return hit;
        }
    }
#endif
    for (; at + 3 <= count; at++) {
        if (bytes[at] == '{' && bytes[at + 1] == '"' && (bytes[at + 2] == first || bytes[at + 2] == second)) return at;
    }
    return -1;
}

/// The length of the well-formed character of UTF-8 (Unicode, table 3-7) at `bytes`, of which `count` are left, or 0; not ASCII.
CBS_INLINE ptrdiff_t cbs_character_length(const uint8_t *bytes, ptrdiff_t count) {
    uint8_t lead = bytes[0], low = 0x80, high = 0xBF;
    ptrdiff_t length;
    if (lead < 0xC2 || lead > 0xF4) return 0;
    if (lead < 0xE0) {
        length = 2;
    } else if (lead < 0xF0) {
        length = 3;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED) high = 0x9F;
    } else {
        length = 4;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    }
    if (length > count || bytes[1] < low || bytes[1] > high) return 0;
    for (ptrdiff_t at = 2; at < length; at++) {
        if ((bytes[at] & 0xC0) != 0x80) return 0;
    }
    return length;
}

/// Decodes text and the common escapes of two letters, up to the first byte that is something else: NUL, another escape, no
/// UTF-8; at most `count`.
///
/// `read` gets how many bytes were taken. Returns how many were written, never more than were taken; up to sixteen bytes more,
/// never more than `count` in all, may be written behind them.
CBS_INLINE ptrdiff_t cbs_unescape(uint8_t *to, const uint8_t *from, ptrdiff_t count, ptrdiff_t *read) {
    ptrdiff_t at = 0, out = 0;
    while (at < count) {
#if CBS_HAS_VECTORS
        while (at + 16 <= count) {
            cbs_block block = cbs_load(from + at);
            cbs_store(to + out, block);
            cbs_mask hits = cbs_bits(cbs_or(cbs_or(cbs_equal(block, '\\'), cbs_equal(block, 0)), cbs_high(block)));
            if (hits != 0) {
                ptrdiff_t plain = __builtin_ctzll(hits) / CBS_BITS;
                at += plain;
                out += plain;
                break;
            }
            at += 16;
            out += 16;
        }
#endif
        while (at < count && from[at] != '\\' && from[at] != 0 && from[at] < 0x80) to[out++] = from[at++];
        // Escapes and other scripts mostly stand side by side.
        while (at < count && (from[at] == '\\' || from[at] >= 0x80)) {
            if (from[at] != '\\') {
                ptrdiff_t length = cbs_character_length(from + at, count - at);
                if (length == 0) goto end;
                for (ptrdiff_t byte = 0; byte < length; byte++) to[out++] = from[at++];
                continue;
            }
            if (at + 1 == count) goto end;
            uint8_t letter = from[at + 1];
            switch (letter) {
            case 'n': letter = '\n'; break;
            case 't': letter = '\t'; break;
            case 'r': letter = '\r'; break;
            case '"': case '\\': case '/': break;
            default: goto end;
            }
            to[out++] = letter;
            at += 2;
        }
        if (at < count && from[at] == 0) break;
    }
end:
    *read = at;
    return out;
}

/// The first `byte` of `count`; -1 when there is none.
CBS_INLINE ptrdiff_t cbs_find(const uint8_t *bytes, ptrdiff_t count, uint8_t byte) {
    const uint8_t *hit = count > 0 ? (const uint8_t *)memchr(bytes, byte, (size_t)count) : NULL;
    return hit == NULL ? -1 : hit - bytes;
}

/// Which of at most sixty-four bytes are ASCII letters, digits or `_`: one bit for each, the lowest for the first.
CBS_INLINE uint64_t cbs_word_bits(const uint8_t *bytes, ptrdiff_t count) {
    uint64_t bits = 0;
#if CBS_HAS_VECTORS
    uint8_t padded[16];
    for (ptrdiff_t at = 0; at < count; at += 16) {
        const uint8_t *part = bytes + at;
        if (at + 16 > count) {
            memset(padded, 0, sizeof padded);
            memcpy(padded, part, (size_t)(count - at));
            part = padded;
        }
        cbs_block block = cbs_load(part);
        cbs_block letters = cbs_in(cbs_lower(block), 'a', 25);
        cbs_block others = cbs_or(cbs_in(block, '0', 9), cbs_equal(block, '_'));
        bits |= cbs_bits16(cbs_or(letters, others)) << at;
    }
#else
    for (ptrdiff_t at = 0; at < count; at++) {
        uint8_t byte = bytes[at], lower = byte | 0x20;
        bool is_word = (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
        bits |= (uint64_t)is_word << at;
    }
#endif
    return bits;
}

/// Whether no byte is a control character, and neither two spaces nor two asterisks stand side by side.
CBS_INLINE bool cbs_is_tidy(const uint8_t *bytes, ptrdiff_t count) {
    ptrdiff_t at = 0;
#if CBS_HAS_VECTORS
    for (; at + 17 <= count; at += 16) {
        cbs_block block = cbs_load(bytes + at), next = cbs_load(bytes + at + 1);
        cbs_block spaces = cbs_and(cbs_equal(block, ' '), cbs_equal(next, ' '));
        cbs_block stars = cbs_and(cbs_equal(block, '*'), cbs_equal(next, '*'));
        if (cbs_bits(cbs_or(cbs_or(spaces, stars), cbs_in(block, 0, 0x1F))) != 0) return false;
    }
#endif
    for (; at < count; at++) {
        if (bytes[at] < ' ') return false;
        if ((bytes[at] == ' ' || bytes[at] == '*') && at + 1 < count && bytes[at + 1] == bytes[at]) return false;
    }
    return true;
}

/// Whether no byte is a backslash, NUL or not ASCII.
CBS_INLINE bool cbs_is_plain(const uint8_t *bytes, ptrdiff_t count) {
    ptrdiff_t at = 0;
#if CBS_HAS_VECTORS
    for (; at + 16 <= count; at += 16) {
        cbs_block block = cbs_load(bytes + at);
        if (cbs_bits(cbs_or(cbs_or(cbs_equal(block, '\\'), cbs_equal(block, 0)), cbs_high(block))) != 0) return false;
    }
#endif
    for (; at < count; at++) {
        if (bytes[at] == '\\' || bytes[at] == 0 || bytes[at] >= 0x80) return false;
    }
    return true;
}

#endif
