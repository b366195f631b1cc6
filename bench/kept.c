#include "kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *kept_block(void *block)
{
    if (block == NULL) {
        fputs("out of memory\n", stderr);
        exit(2);
    }
    return block;
}

void **kept_for(kept *all, const mix_message *message)
{
    if (message->number >= all->count) {
        size_t wanted = (message->number + 1) * 2;
        all->things = kept_block(realloc(all->things, wanted * sizeof *all->things));
        memset(all->things + all->count, 0, (wanted - all->count) * sizeof *all->things);
        all->count = wanted;
    }
    return &all->things[message->number];
}
