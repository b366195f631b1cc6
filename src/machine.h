/* What a generated machine and the C around it share.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_MACHINE_H
#define SIPWIRE_MACHINE_H

#include "class.h"
#include "days.h"
#include "linker_names.h"
#include "rule_ids.h"
#include "sipwire/accept.h"
#include "sipwire/sipwire.h"
#include "start_line_members.h"

/* Octets that a capture took; at is NULL when it took none. */
struct machine_span {
    const uint8_t *at;
    const uint8_t *to;
};

#define SPAN(from, until) ((struct machine_span){(from), (until)})

/* What is known of a machine's state: the innermost rule, and a bit for each capture that is certainly open. */
struct machine_state {
    uint16_t rule;
    uint16_t open;
};

struct machine;
struct tolerance;
typedef sipwire_status machine_function(struct machine *m, void *out);

/* How a parameter's value looked to the machine that found it. */
enum param_kind { PARAM_FLAG, PARAM_PLAIN, PARAM_OTHER, PARAM_QUOTED };

/* What the value of a parameter must be, and where it goes. */
struct param_rule {
    machine_function *match; /* NULL: whatever the flags below allow */
    uint16_t rule;           /* for errors */
    uint8_t right;     /* bit k: every value of kind k (enum param_kind) is right, for PARAM_FLAG: that there is none */
    uint8_t no_value;  /* the rule has no value: with one, the catch-all reads it */
    uint8_t kind;      /* enum member_kind of the struct's member */
    uint8_t plain_run; /* a value that is this one of param_runs is right; 0: there is none */
    uint8_t quoted_run; /* the same for one in quotes */
    uint8_t hosts;      /* bit t: every host of type t (sipwire_host_type) is right */
    uint16_t offset;    /* of the member; 0 when there is none */
    int64_t low, high;  /* numbers */
};

/* So many octets of a class, between others: all such values are right by some rule. */
struct param_run {
    const run_class *octets;
    uint8_t least, most;
    uint8_t frame; /* octets before and behind them: 0, 1: quotes, 2: quotes and angle brackets */
};

extern const struct param_run param_runs[];

/* A parameter's name of at most 16 octets in lower case as two numbers: its first 8 octets, or all of a shorter one,
 * with zeros for what it lacks below them; and its last 8 octets, 0 when there are no more than 8. */
struct param_word {
    uint64_t first, last;
    uint8_t length;
    uint8_t place; /* 1 + its place in rules */
};

static inline bool param_right(const struct param_rule *rule, enum param_kind kind)
{
    return rule->right >> kind & 1;
}

/* The parameters of one row: index maps a parameter id to 1 + its place in rules, 0 is the catch-all. */
struct param_scope {
    const uint8_t *index;
    const struct param_rule *rules;
    struct param_rule catch_all;
    /* for straight paths: */
    const run_class *name, *plain;  /* what names and plain values are made of */
    const run_class *other;         /* what plain and other values are made of: no separator */
    const struct param_word *words; /* a perfect hash of the names that have a rule */
    uint64_t multiplier;
    uint8_t shift;
    uint8_t separator;
    bool blanks;                    /* there may be blanks about the separator */
    bool quoted;                    /* values may be quoted */
    bool closed;                    /* there is no catch-all */
    bool leads;                     /* the first one has no separator before it */
    const struct param_scope *next; /* of the next place in the rule of the value that takes parameters */
};

/* The parameters of one value while they are read. */
struct param_reader {
    struct machine_span name;
    struct machine_span value;
    const uint8_t *first; /* separator of the first one */
    const uint8_t *end;   /* behind the last one */
    void *out;
    uint64_t seen;
    uint32_t count;
    uint8_t kind;
};

/* A row of headers.tsv, for the reader of values. */
struct row_type {
    machine_function *machine;          /* NULL: not typed */
    const struct machine_state *states; /* of that machine, with this row's rules */
    const struct param_scope *scope;
    uint16_t rule;
    uint8_t shape;       /* sipwire_shape */
    uint8_t cardinality; /* enum row_cardinality */
    uint8_t may_be_empty;
    int64_t low, high;
};

enum row_cardinality { ROW_ONE, ROW_LIST, ROW_ROWS };

/* The machines of one SIMD level. */
struct machine_set {
    machine_function *host, *ipv6, *userinfo, *hostport, *tel, *absolute, *request_line, *status_line;
};

/* By header id. */
extern const struct row_type machine_rows[];

/* The parameters of sip and sips URIs; those of all scopes. */
extern const struct param_scope *const uri_scope, *const param_scopes[];

/* One run of a machine over [at, end). */
struct machine {
    const uint8_t *at; /* in: the first octet; out: behind the element, or the octet that cannot stand there */
    const uint8_t *end;
    const uint8_t *readable; /* the end of what may be loaded; NULL: end */
    const struct machine_set *set;
    const struct param_scope *scope;
    const struct machine_state *states; /* machines of rows */
    const struct machine_state *state;  /* after a syntax error */
    int64_t low, high;                  /* number shapes: the row's range */
    uint32_t max_uri, max_params;
    sipwire_status status;
    uint16_t rule;
    bool comma;                  /* out: a comma ended the element, and at is behind it */
    struct tolerance *tolerance; /* NULL: the reading is strict */
};

extern const struct machine_set sipwire_machine_set_scalar, sipwire_machine_set_ssse3, sipwire_machine_set_avx2,
    sipwire_machine_set_neon;

/* The set for the level in force. */
const struct machine_set *machine_set_current(void);

/* A run over a part of what another one reads, with its surroundings. */
static inline struct machine machine_inner(const struct machine *m, struct machine_span span)
{
    struct machine inner = {0};
    inner.at = span.at;
    inner.end = span.to;
    inner.set = m->set;
    inner.max_uri = m->max_uri;
    inner.max_params = m->max_params;
    inner.tolerance = m->tolerance;
    return inner;
}

/* Ends a run with an error at a place. */
sipwire_status machine_fail(struct machine *m, sipwire_status status, const uint8_t *at, uint16_t rule);

sipwire_str machine_str(struct machine_span span);
/* A text without the blanks around it; bare: of a rule where a quote at its start begins no quoted-string. */
sipwire_text machine_text(struct machine_span span);
sipwire_text machine_bare_text(struct machine_span span);
sipwire_text machine_comment(struct machine_span span);
sipwire_products machine_products(struct machine_span span);

/* Which of the words it is, in any letter case; words: each with a NUL behind it, one more at the end. 0 is the
 * first. */
int32_t machine_ordinal(struct machine_span span, const char *words);

/* Reads digits with a fraction; false after E_RANGE. */
bool machine_decimal(struct machine *m, struct machine_span span, sipwire_decimal *out);

/* Reads a number of digits; false after E_RANGE. An empty span gives -1. */
bool machine_number(struct machine *m, struct machine_span span, int64_t low, int64_t high, int64_t *out);

/* Whether a month has such a day, which is that of the digits; E_RANGE there. */
bool machine_day(struct machine *m, struct machine_span digits, int32_t day, int32_t days);

/* Has the octets that were cut out read by their machine, into a sipwire_host, a sipwire_uri, or nothing; false after
 * an error, which is then m's. */
enum machine_cut { CUT_HOST, CUT_URI, CUT_IPV6 };
bool machine_cut(struct machine *m, struct machine_span span, enum machine_cut kind, void *out);

/* After a syntax error: if what was cut out before it, or is being cut out, is wrong earlier, the error is there. */
void machine_blame_cut(struct machine *m, const uint8_t *opened, struct machine_span closed, uint16_t bit,
                       enum machine_cut kind);

/* At a separator, or the end of the value: takes the parameter that was read up to here, if any: checks its value,
 * stores its member; false after an error. limit: the octet behind it. */
bool param_flush(struct machine *m, struct param_reader *params, const uint8_t *limit);

/* Stores the value of a parameter, which is right by its rule, in its member of *out; false after E_RANGE. */
bool param_store(struct machine *m, const struct param_rule *rule, struct machine_span value, void *out);

/* After a syntax error: the same as machine_blame_cut for the parameter being read; value: where its value opened, NULL
 * when none is open. */
void param_blame(struct machine *m, struct param_reader *params, const uint8_t *value);

/* The region of all parameters that were read. */
sipwire_params param_region(const struct param_reader *params);

/* Parts parameters at the one with an id: those before it, and it with the rest. */
void param_split(const sipwire_params *all, uint16_t id, sipwire_params *before, sipwire_params *behind);

/* The type of a host that is known to be one, brackets taken off. */
sipwire_host host_of(struct machine_span span);

/* Checks what the grammar does not say of a telephone number's parameters, right as they are: that there are no more
 * than most (E_LIMIT_PARAMS), and none twice that may stand once (RFC 3966 section 3, RFC 4694 section 4;
 * E_DUPLICATE_PARAM). count: out: how many there are; name: out: that of the one refused. */
sipwire_status uri_check_tel(const sipwire_params *params, uint32_t most, uint32_t *count, sipwire_str *name);

/* Reads a URI with the machines of a set. */
sipwire_status uri_read(struct machine *m, sipwire_uri *out);

#endif
