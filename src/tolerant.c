/* Reading once more, with tolerances, what the strict reading has refused; and what was used of them.
 * SPDX-License-Identifier: MIT */
#include "tolerant.h"

#include "reading.h"

/* Where the use of a bit by the element being read stands in out, or room. */
static size_t noted_at(const struct tolerance *t, uint64_t bit, size_t noted)
{
    size_t i = noted;
    while (i > t->before && t->out[i - 1].accept != bit)
        i--;
    return i <= t->before ? t->room : i - 1;
}

/* Puts one in its place by offset; what has no room any more falls off the end. */
static void insert(struct tolerance *t, size_t noted, sipwire_deviation deviation)
{
    size_t i = noted < t->room ? noted : t->room - 1;
    if (noted >= t->room && t->out[i].offset <= deviation.offset)
        return;
    for (; i > 0 && t->out[i - 1].offset > deviation.offset; i--)
        t->out[i] = t->out[i - 1];
    t->out[i] = deviation;
}

bool tolerance_use(struct tolerance *t, uint64_t bit, const uint8_t *p)
{
    if (!(t->accept & bit))
        return false;
    sipwire_deviation deviation = {bit, (uint32_t)(p - t->base), t->row};
    t->latest = bit;
    if (!(t->used & bit)) {
        t->used |= bit;
        if (t->room != 0)
            insert(t, t->count, deviation);
        t->count++;
        return true;
    }
    size_t noted = t->count < t->room ? t->count : t->room;
    size_t at = t->room != 0 ? noted_at(t, bit, noted) : 0;
    if (at < t->room && deviation.offset < t->out[at].offset) {
        for (; at + 1 < noted; at++)
            t->out[at] = t->out[at + 1];
        insert(t, noted - 1, deviation);
    }
    return true;
}

bool machine_tolerate(struct machine *m, uint64_t bit, const uint8_t *p)
{
    if (tolerance_use(m->tolerance, bit, p))
        return true;
    machine_fail(m, SIPWIRE_E_SYNTAX, p, 0);
    m->state = NULL;
    return false;
}

static const uint8_t *trim_wsp(const uint8_t *start, const uint8_t *end)
{
    while (end > start && octet_is_blank(end[-1]))
        end--;
    return end;
}

/* Runs the machine of the element at p over [p, end). */
static bool run(struct reading *r, struct tolerance *t, const uint8_t *p, const uint8_t *end, void *out)
{
    struct machine m = machine_for(r);
    const struct row_type *row = &sipwire_tolerant_rows[r->header];
    size_t count = t->count;
    uint64_t used = t->used;
    m.at = p;
    m.end = end;
    m.set = &sipwire_machine_set_tolerant;
    m.scope = row->scope;
    m.tolerance = t;
    shape_infos[row->shape].clear(out);
    bool ok = row->machine(&m, out) == SIPWIRE_OK && (!take_star(r, out) || (r->first && p == r->at));
    if (ok && !m.comma && end != r->end)
        ok = tolerance_use(t, SIPWIRE_ACCEPT_TRAILING_BLANKS, end);
    if (!ok) {
        t->count = count;
        t->used = used;
        if (m.status != SIPWIRE_OK && m.status != SIPWIRE_E_SYNTAX) {
            t->status = m.status;
            t->rule = m.rule;
            t->at = m.at;
        }
        return false;
    }
    r->at = m.comma ? m.at : r->end;
    r->comma = m.comma;
    const uint8_t *begin = octets_skip_sws(p, m.at);
    const uint8_t *behind = trim(begin, m.comma ? m.at - 1 : m.at);
    place_value(out, r->row_index, r->header, (uint32_t)(begin - r->base), (uint32_t)(behind - begin));
    ((sipwire_origin *)out)->deviations = (uint16_t)(t->count - r->deviations);
    return true;
}

/* The same without the blanks at the end of the line. Only of a row's last element, so that they are looked at once. */
static bool run_trimmed(struct reading *r, struct tolerance *t, const uint8_t *p, void *out)
{
    const uint8_t *end = trim_wsp(p, r->end);
    return end != r->end && end > p && end[-1] != '\n' && run(r, t, p, end, out);
}

/* Passes over empty elements; NULL when they are not accepted: never before the first one, which others would take for
 * it. */
static const uint8_t *pass_commas(struct reading *r, struct tolerance *t)
{
    const uint8_t *p = r->first ? r->at : octets_skip_sws(r->at, r->end);
    const uint8_t *first = p;
    if (r->row->cardinality != ROW_LIST)
        return p;
    if (r->first && p < r->end && *p == ',')
        return NULL;
    while (p < r->end && *p == ',') {
        if (!tolerance_use(t, SIPWIRE_ACCEPT_EMPTY_ELEMENTS, p))
            return NULL;
        p = octets_skip_sws(p + 1, r->end);
    }
    if (p == r->end && p == first && !tolerance_use(t, SIPWIRE_ACCEPT_EMPTY_ELEMENTS, p))
        return NULL;
    return p;
}

sipwire_status tolerant_element(struct reading *r, struct tolerance *t, void *out)
{
    size_t count = t->count;
    t->before = count;
    t->used = 0;
    t->status = SIPWIRE_E_SYNTAX;
    r->deviations = count;
    const uint8_t *p = pass_commas(r, t);
    if (p && p == r->end && r->row->cardinality == ROW_LIST && (!r->first || r->row->may_be_empty)) {
        r->at = p;
        r->comma = false;
        return SIPWIRE_END;
    }
    if (p && p != r->end && (run(r, t, p, r->end, out) || run_trimmed(r, t, p, out)))
        return SIPWIRE_OK;
    t->count = count;
    return t->status;
}

sipwire_status tolerant_uri(struct machine *m, struct tolerance *t, sipwire_uri *out)
{
    size_t count = t->count;
    t->before = count;
    t->used = 0;
    m->set = &sipwire_machine_set_tolerant;
    m->tolerance = t;
    m->state = NULL;
    if (uri_read(m, out) != SIPWIRE_OK)
        t->count = count;
    return m->status;
}
