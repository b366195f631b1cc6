/* What check has to say about one message: keeping and printing it.
 * SPDX-License-Identifier: MIT */
#include "findings.h"

#include <stdlib.h>
#include <string.h>

struct finding *findings_add(struct findings *findings, enum severity severity, uint32_t offset)
{
    if (findings->count == findings->capacity) {
        findings->capacity = findings->capacity * 2 + 8;
        findings->list = must_realloc(findings->list, findings->capacity * sizeof *findings->list);
    }
    struct finding *finding = &findings->list[findings->count++];
    *finding = (struct finding){.severity = severity, .offset = offset};
    return finding;
}

/* "E_BODY_SHORT" becomes "body-short". */
static void id_of(int32_t status, char *out, size_t size)
{
    const char *name = sipwire_status_name((sipwire_status)status);
    if (strncmp(name, "E_", 2) == 0)
        name += 2;
    size_t i = 0;
    for (; name[i] && i + 1 < size; i++) {
        char octet = name[i];
        out[i] = octet == '_' ? '-' : octet >= 'A' && octet <= 'Z' ? (char)(octet + ('a' - 'A')) : octet;
    }
    out[i] = '\0';
}

void findings_add_error(struct findings *findings, const sipwire_error *err)
{
    const struct message *message = findings->message;
    struct finding *finding = findings_add(findings, SEVERITY_ERROR, err->offset);
    id_of(err->status, finding->id, sizeof finding->id);
    finding->response = sipwire_error_response(err);
    finding->reference = error_reference(err);
    explain_error(err, (sipwire_str){message->buf, message->len}, finding->text, sizeof finding->text);
}

bool findings_within(const struct findings *findings, size_t n, uint32_t first, uint32_t last)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (findings->list[middle].offset < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && findings->list[low].offset <= last;
}

static int compare(const void *a, const void *b)
{
    const struct finding *left = a, *right = b;
    if (left->offset != right->offset)
        return left->offset < right->offset ? -1 : 1;
    return (int)right->severity - (int)left->severity;
}

void findings_sort(struct findings *findings)
{
    if (findings->count != 0)
        qsort(findings->list, findings->count, sizeof *findings->list, compare);
}

void findings_print(const struct findings *findings, FILE *to)
{
    static const char *const severities[] = {"note", "warning", "error"};
    const struct message *message = findings->message;
    const sipwire_str text = {message->buf, message->len};
    struct position position = position_of(text, 0);
    struct source source = {0};
    uint32_t before = 0;
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->list[i];
        if (finding->offset < before) /* the answer stands behind all others */
            position = position_of(text, 0);
        position_advance(&position, text, finding->offset);
        before = finding->offset;
        size_t column = position.line == 1 ? message->column + position.column - 1 : position.column;
        fprintf(to, "%s:%zu:%zu: %s: %s [%s] (%s)\n", message->input->name, message->line + position.line - 1, column,
                severities[finding->severity], finding->text, finding->id, finding->reference);
        if (!finding->whole)
            print_source(to, &position, &source);
    }
}
