#include "mix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mix.inc"

#define SHIPPED (sizeof mix_table / sizeof *mix_table)

/* Octets up to and with the first empty line, or all of them. */
static size_t head_of(const char *data, size_t len)
{
    for (size_t i = 3; i < len; i++) {
        if (data[i] == '\n' && memcmp(data + i - 3, "\r\n\r\n", 4) == 0) {
            return i + 1;
        }
    }
    return len;
}

mix mix_shipped(void)
{
    static mix_message messages[SHIPPED];
    if (messages[0].data == NULL) {
        for (size_t i = 0; i < SHIPPED; i++) {
            const char *data = (const char *)mix_octets + mix_table[i].offset;
            messages[i] = (mix_message){
                data, mix_table[i].length, head_of(data, mix_table[i].length), sizeof mix_octets - mix_table[i].offset,
                i,    mix_table[i].kind};
        }
    }
    return (mix){messages, SHIPPED};
}

static void fail(const char *path)
{
    fprintf(stderr, "%s: cannot be read, or is empty\n", path);
    exit(2);
}

/* Adds a file's octets to the end of a buffer of *len octets; returns the buffer, which may have moved. */
static char *append(char *buffer, size_t *len, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fail(path);
    }
    long size = ftell(file);
    char *grown = size > 0 ? realloc(buffer, *len + (size_t)size) : NULL;
    if (grown == NULL) {
        fail(path);
    }
    rewind(file);
    if (fread(grown + *len, 1, (size_t)size, file) != (size_t)size) {
        fail(path);
    }
    fclose(file);
    *len += (size_t)size;
    return grown;
}

mix mix_load(size_t count, char *const *paths)
{
    if (count == 0) {
        return mix_shipped();
    }
    mix_message *messages = calloc(count, sizeof *messages);
    if (messages == NULL) {
        fail(paths[0]);
    }
    char *buffer = NULL;
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        size_t begin = len;
        buffer = append(buffer, &len, paths[i]);
        messages[i].len = len - begin;
        messages[i].kind = paths[i];
    }
    size_t offset = 0;
    for (size_t i = 0; i < count; i++) {
        messages[i].data = buffer + offset;
        messages[i].head = head_of(messages[i].data, messages[i].len);
        messages[i].rest = len - offset;
        messages[i].number = i;
        offset += messages[i].len;
    }
    return (mix){messages, count};
}
