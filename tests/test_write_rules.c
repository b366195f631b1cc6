/* Writing messages: rules that are about more than one value.
 * SPDX-License-Identifier: MIT */
#include "support.h"

static char written[4096];

/* A writer with a response begun. */
static sipwire_writer begun(const sipwire_write_options *options)
{
    sipwire_writer w;
    sipwire_writer_init(&w, written, sizeof written, options);
    assert_status(sipwire_write_response(&w, 200, (sipwire_str){0}), OK);
    return w;
}

enum way { BY_VALUE, BY_TEXT, BY_ROW, BY_ROWS, WAYS };

/* Writes a line, "Name: value", as a field of text or as a row. */
static sipwire_status line_by(sipwire_writer *w, enum way way, const char *line)
{
    const char *colon = strchr(line, ':');
    char buf[200]; /* with octets before the line, as rows that are copied quickly have */
    int len = snprintf(buf, sizeof buf, OK_LINE "%s", line);
    sipwire_row row = {.name_off = sizeof OK_LINE - 1, .name_len = (uint16_t)(colon - line)};
    row.value_off = row.name_off + row.name_len + 2;
    row.value_len = (uint32_t)len - row.value_off;
    if (way == BY_ROW)
        return sipwire_write_row(w, buf, &row);
    if (way == BY_ROWS)
        return sipwire_write_rows(w, buf, &row, 1);
    return sipwire_write_field(w, sipwire_row_name(&row, buf), sipwire_row_value(&row, buf));
}

static sipwire_status bob_by(sipwire_writer *w, enum way way)
{
    sipwire_address bob = {.q = -1, .expires = -1, .uri = {.scheme = SIPWIRE_SCHEME_SIP, .port = -1}};
    bob.uri.host = (sipwire_host){STR("b"), SIPWIRE_HOST_NAME, 0};
    return way == BY_VALUE ? sipwire_write_field_contact(w, &bob) : line_by(w, way, "m: <sip:b>");
}

static sipwire_status star_by(sipwire_writer *w, enum way way)
{
    sipwire_address star = {.star = true, .q = -1, .expires = -1, .uri = {.port = -1}};
    return way == BY_VALUE ? sipwire_write_field_contact(w, &star) : line_by(w, way, "Contact: *");
}

static void assert_contact_refused(sipwire_status status, const sipwire_writer *w)
{
    assert_status(status, E_DUPLICATE);
    assert_int_equal(w->error.header, SIPWIRE_HEADER_CONTACT);
    assert_string_equal(sipwire_rule_name(w->error.rule), "Contact");
    assert_int_equal(w->error.offset, 0);
}

static void each_level_and_list(void (*test)(const sipwire_write_options *options))
{
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    sipwire_level best = sipwire_level_get();
    for (int level = SIPWIRE_LEVEL_SCALAR; level <= SIPWIRE_LEVEL_NEON; level++) {
        if (!sipwire_level_force((sipwire_level)level))
            continue;
        for (options.lists = SIPWIRE_LISTS_USUAL; options.lists <= SIPWIRE_LISTS_JOINED; options.lists++)
            test(&options);
    }
    sipwire_level_force(best);
}

static void star_behind_a_contact(const sipwire_write_options *options)
{
    for (enum way first = BY_VALUE; first < WAYS; first++) {
        for (enum way second = BY_VALUE; second <= BY_TEXT; second++) {
            for (int between = 0; between < 2; between++) {
                sipwire_writer w = begun(options);
                assert_status(bob_by(&w, first), OK);
                if (between)
                    line_by(&w, BY_TEXT, "Expires: 0");
                assert_contact_refused(star_by(&w, second), &w);
            }
        }
    }
}

static void contact_behind_a_star(const sipwire_write_options *options)
{
    for (enum way first = BY_VALUE; first <= BY_TEXT; first++) {
        for (enum way second = BY_VALUE; second < WAYS; second++) {
            for (int star = 0; star < 2; star++) {
                sipwire_writer w = begun(options);
                assert_status(star_by(&w, first), OK);
                assert_contact_refused(star ? star_by(&w, second) : bob_by(&w, second), &w);
            }
        }
    }
}

static void write_star_behind_another_contact_is_refused(void **state)
{
    (void)state;
    each_level_and_list(star_behind_a_contact);
}

static void write_contact_behind_a_star_is_refused(void **state)
{
    (void)state;
    each_level_and_list(contact_behind_a_star);
}

static void write_star_alone_among_other_fields_is_written(void **state)
{
    (void)state;
    size_t needed;
    sipwire_token path = {.value = STR("path")};
    sipwire_writer w = begun(NULL);
    sipwire_write_field_supported(&w, &path);
    assert_status(star_by(&w, BY_VALUE), OK);
    sipwire_write_field_require(&w, &path);
    sipwire_write_field_supported(&w, &path);
    assert_status(sipwire_write_end(&w, (sipwire_str){0}, &needed, NULL), OK);
    assert_str(((sipwire_str){written, needed}),
               "SIP/2.0 200 OK\r\nSupported: path\r\nContact: *\r\nRequire: path\r\nSupported: path\r\n"
               "Content-Length: 0\r\n\r\n");
}

static sipwire_status length_by(sipwire_writer *w, enum way way)
{
    const sipwire_number length = {.value = 5};
    return way == BY_VALUE ? sipwire_write_field_content_length(w, &length) : line_by(w, way, "l: 5");
}

static void write_content_length_before_the_start_line_is_refused(void **state)
{
    (void)state;
    for (enum way way = BY_VALUE; way < WAYS; way++) {
        sipwire_writer w;
        sipwire_writer_init(&w, written, sizeof written, NULL);
        assert_status(length_by(&w, way), E_USAGE);
        assert_int_equal(w.error.header, SIPWIRE_HEADER_CONTENT_LENGTH);
        assert_status(sipwire_write_response(&w, 200, (sipwire_str){0}), E_USAGE);
    }
}

static void write_content_length_behind_the_end_is_refused(void **state)
{
    (void)state;
    for (enum way way = BY_VALUE; way < WAYS; way++) {
        sipwire_writer w = begun(NULL);
        assert_status(length_by(&w, way), OK);
        assert_status(sipwire_write_end(&w, (sipwire_str){0}, NULL, NULL), OK);
        assert_status(length_by(&w, way), E_USAGE);
    }
}

static void write_content_length_behind_an_error_keeps_the_error(void **state)
{
    (void)state;
    for (enum way way = BY_VALUE; way < WAYS; way++) {
        sipwire_writer w = begun(NULL);
        assert_status(sipwire_write_field(&w, STR("bad name"), STR("x")), E_NAME);
        assert_status(length_by(&w, way), E_NAME);
    }
}

/* As a region of parameters, and in a text. */
static sipwire_status ttl_by(sipwire_writer *w, bool as_text, const char *region)
{
    char text[100];
    sipwire_address to = {.q = -1, .expires = -1, .uri = {.scheme = SIPWIRE_SCHEME_SIP, .port = -1}};
    to.uri.host = (sipwire_host){STR("b"), SIPWIRE_HOST_NAME, 0};
    to.uri.params = (sipwire_params){region, (uint32_t)strlen(region), 1};
    int len = snprintf(text, sizeof text, "<sip:b%s>", region);
    return as_text ? sipwire_write_field(w, STR("To"), (sipwire_str){text, (size_t)len})
                   : sipwire_write_field_to(w, &to);
}

static void a_ttl(const sipwire_write_options *options)
{
    for (int as_text = 0; as_text < 2; as_text++) {
        sipwire_writer w = begun(options);
        assert_status(ttl_by(&w, as_text, ";ttl=255"), OK);
        w = begun(options);
        assert_status(ttl_by(&w, as_text, ";TTL=256"), E_RANGE);
        assert_string_equal(sipwire_rule_name(w.error.rule), "ttl-param");
        assert_int_equal(w.error.header, SIPWIRE_HEADER_TO);
        w = begun(options);
        assert_status(ttl_by(&w, as_text, ";a;ttl=2555"), E_SYNTAX);
    }
}

static void write_uri_ttl_over_255_is_refused(void **state)
{
    (void)state;
    each_level_and_list(a_ttl);
}

/* The same Request-URI, as each of the functions takes it. */
static sipwire_status start_by(sipwire_writer *w, int way, const struct message *m)
{
    sipwire_uri uri;
    sipwire_str text = sipwire_span_str(m->msg.uri, m->buf);
    assert_status(sipwire_request_uri(&m->msg, m->buf, &uri, NULL), OK);
    if (way == 0)
        return sipwire_write_start_line(w, m->buf, &m->msg);
    return way == 1 ? sipwire_write_request(w, STR("ACK"), &uri) : sipwire_write_request_text(w, STR("ACK"), text);
}

static void a_long_request_uri(const sipwire_write_options *given)
{
    struct message m;
    enum { length = sizeof "sip:alice@atlanta.example" - 1 };
    message_of(&m, "ACK sip:alice@atlanta.example SIP/2.0\r\n");
    for (int way = 0; way < 3; way++) {
        sipwire_write_options options = *given;
        sipwire_writer w;
        options.limits.max_uri = length;
        sipwire_writer_init(&w, written, sizeof written, &options);
        assert_status(start_by(&w, way, &m), OK);
        options.limits.max_uri = length - 1;
        sipwire_writer_init(&w, written, sizeof written, &options);
        assert_status(start_by(&w, way, &m), E_LIMIT_URI);
        static const uint32_t offsets[] = {sizeof "ACK " - 1 + length - 1, 0, length - 1};
        assert_string_equal(sipwire_rule_name(w.error.rule), way == 1 ? "scheme" : "addr-spec");
        assert_int_equal(w.error.offset, offsets[way]);
        assert_int_equal(w.error.row, UINT32_MAX);
        assert_status(sipwire_write_end(&w, (sipwire_str){0}, NULL, NULL), E_LIMIT_URI);
    }
    message_free(&m);
}

static void write_request_uri_over_the_limit_is_refused(void **state)
{
    (void)state;
    each_level_and_list(a_long_request_uri);
}

static void write_status_line_is_not_held_to_the_limit_of_uris(void **state)
{
    (void)state;
    struct message m;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    sipwire_writer w;
    options.limits.max_uri = 1;
    message_of(&m, OK_LINE);
    sipwire_writer_init(&w, written, sizeof written, &options);
    assert_status(sipwire_write_start_line(&w, m.buf, &m.msg), OK);
    message_free(&m);
}

static sipwire_status to_by(sipwire_writer *w, bool as_text, sipwire_params params, sipwire_params of_uri)
{
    static char text[2000];
    sipwire_address to = {.q = -1, .expires = -1, .uri = {.scheme = SIPWIRE_SCHEME_SIP, .port = -1}};
    to.uri.host = (sipwire_host){STR("b"), SIPWIRE_HOST_NAME, 0};
    to.uri.params = of_uri;
    to.params = params;
    int len = snprintf(text, sizeof text, "<sip:b%.*s>%.*s", (int)of_uri.len, of_uri.ptr ? of_uri.ptr : "",
                       (int)params.len, params.ptr ? params.ptr : "");
    return as_text ? sipwire_write_field(w, STR("To"), (sipwire_str){text, (size_t)len})
                   : sipwire_write_field_to(w, &to);
}

static void a_name_twice(const sipwire_write_options *options)
{
    static const struct {
        const char *params;
        bool right;
    } regions[] = {
        {";x=1;y;X=2", false}, {";x;lr;q=1;x", false}, {";x;xx;y", true}, {";x=1 ; y ;x", false}, {";a=b;c", true}};
    for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
        for (int way = 0; way < 4; way++) {
            sipwire_params params = {regions[i].params, (uint32_t)strlen(regions[i].params), 3}, none = {0};
            bool of_uri = way >= 2, blanks = memchr(params.ptr, ' ', params.len) != NULL;
            if (of_uri && blanks)
                continue;
            sipwire_writer w = begun(options);
            sipwire_status status = to_by(&w, way % 2 == 1, of_uri ? none : params, of_uri ? params : none);
            assert_int_equal(status, regions[i].right ? SIPWIRE_OK : SIPWIRE_E_DUPLICATE_PARAM);
        }
    }
}

static void write_parameter_name_twice_is_refused(void **state)
{
    (void)state;
    each_level_and_list(a_name_twice);
}

static void write_tel_parameter_name_twice_is_refused(void **state)
{
    (void)state;
    sipwire_writer w;
    sipwire_writer_init(&w, written, sizeof written, NULL);
    assert_status(sipwire_write_request_text(&w, STR("ACK"), STR("tel:+1;x=1;y=2")), OK);
    sipwire_writer_init(&w, written, sizeof written, NULL);
    assert_status(sipwire_write_request_text(&w, STR("ACK"), STR("tel:+1;x=1;y=2;X=3")), E_DUPLICATE_PARAM);
    assert_int_equal(w.error.offset, sizeof ";x=1;y=2;" - 1);
}

static void write_challenge_parameter_name_twice_is_refused(void **state)
{
    (void)state;
    sipwire_writer w = begun(NULL);
    assert_status(sipwire_write_field(&w, STR("WWW-Authenticate"), STR("X a=1, b=2, c=3")), OK);
    assert_status(sipwire_write_field(&w, STR("WWW-Authenticate"), STR("X a=1, b=2, A=3")), E_DUPLICATE_PARAM);
}

static void write_param_that_stands_already_is_refused_where_there_is_room(void **state)
{
    (void)state;
    sipwire_params params = {";x=1", 4, 1}, none = {0};
    sipwire_text value = sipwire_text_plain(STR("v"));
    sipwire_writer w = begun(NULL);
    assert_status(to_by(&w, false, params, none), OK);
    assert_status(sipwire_write_param(&w, STR("xx"), &value), OK);
    assert_status(sipwire_write_param(&w, STR("y"), NULL), OK);
    assert_status(sipwire_write_param(&w, STR("X"), &value), E_DUPLICATE_PARAM);
    w = begun(NULL);
    assert_status(to_by(&w, false, none, params), OK);
    assert_status(sipwire_write_param(&w, STR("X"), &value), OK); /* the other one is the URI's */
    assert_status(sipwire_write_param(&w, STR("x"), &value), E_DUPLICATE_PARAM);
    /* measured, it is not known */
    sipwire_writer_init(&w, NULL, 0, NULL);
    sipwire_write_response(&w, 200, (sipwire_str){0});
    assert_status(to_by(&w, false, params, none), OK);
    assert_status(sipwire_write_param(&w, STR("x"), &value), OK);
    assert_status(sipwire_write_end(&w, (sipwire_str){0}, NULL, NULL), E_SPACE);
}

static void write_compares_the_first_32_parameters_without_a_rule(void **state)
{
    (void)state;
    char region[400];
    for (int names = 30; names < 34; names++) {
        size_t len = 0;
        for (int i = 0; i < names; i++)
            len += (size_t)snprintf(region + len, sizeof region - len, ";n%d", i);
        len += (size_t)snprintf(region + len, sizeof region - len, ";N0");
        sipwire_params params = {region, (uint32_t)len, (uint32_t)names + 1}, none = {0};
        FOR_EACH_LEVEL(level)
        {
            sipwire_writer w = begun(NULL);
            assert_int_equal(to_by(&w, false, params, none), names < 32 ? SIPWIRE_E_DUPLICATE_PARAM : SIPWIRE_OK);
        }
    }
}

/* Writes a To with this tag, or none, and parameters that nothing stands behind. */
static void assert_region_with_tag(const char *region, const char *tag, sipwire_status status, const char *line)
{
    sipwire_level best = sipwire_level_get();
    for (int level = SIPWIRE_LEVEL_SCALAR; level <= SIPWIRE_LEVEL_NEON; level++) {
        if (!sipwire_level_force((sipwire_level)level))
            continue;
        size_t len = strlen(region);
        char *block = malloc(len);
        memcpy(block, region, len);
        sipwire_address to = {.q = -1, .expires = -1, .uri = {.scheme = SIPWIRE_SCHEME_SIP, .port = -1}};
        to.uri.host = (sipwire_host){STR("b"), SIPWIRE_HOST_NAME, 0};
        to.params = (sipwire_params){block, (uint32_t)len, 3};
        if (tag)
            to.tag = (sipwire_text){tag, (uint32_t)strlen(tag), SIPWIRE_WIRE};
        sipwire_writer w = begun(NULL);
        assert_int_equal(sipwire_write_field_to(&w, &to), status);
        if (status == SIPWIRE_OK) {
            size_t octets;
            assert_status(sipwire_write_end(&w, (sipwire_str){0}, &octets, NULL), OK);
            written[octets] = '\0';
            assert_non_null(strstr(written, line));
        }
        free(block);
    }
    sipwire_level_force(best);
}

static void write_region_with_another_member_is_not_read_beyond_its_end(void **state)
{
    (void)state;
    assert_region_with_tag(";x;y;tag=a,b=\"", "T", SIPWIRE_OK, "To: <sip:b>;x;y;tag=T\r\n");
    assert_region_with_tag(";x;y;tag=a,", "T", SIPWIRE_OK, "To: <sip:b>;x;y;tag=T\r\n");
    assert_region_with_tag(";x;y;tag=a,b=\"", NULL, SIPWIRE_OK, "To: <sip:b>;x;y\r\n");
}

static void write_names_within_what_a_member_replaces_are_no_parameters(void **state)
{
    (void)state;
    assert_region_with_tag(";x;y;tag=a,b;b", "T", SIPWIRE_OK, "To: <sip:b>;x;y;tag=T;b\r\n");
}

static void write_parameter_name_twice_beside_a_member_is_refused(void **state)
{
    (void)state;
    assert_region_with_tag(";tag=1;x=1;x=2", NULL, SIPWIRE_E_DUPLICATE_PARAM, "");
    assert_region_with_tag(";tag=1;x=1;x=2", "T", SIPWIRE_E_DUPLICATE_PARAM, "");
    assert_region_with_tag(";tag=1;x=1;X=2", "1", SIPWIRE_E_DUPLICATE_PARAM, "");
}

static void write_param_that_a_member_left_out_is_written(void **state)
{
    (void)state;
    static const sipwire_text tag = {"2", 1, SIPWIRE_WIRE};
    assert_region_with_tag(";tag=1", NULL, SIPWIRE_OK, "To: <sip:b>\r\n");
    sipwire_address to = {.q = -1, .expires = -1, .uri = {.scheme = SIPWIRE_SCHEME_SIP, .port = -1}};
    to.uri.host = (sipwire_host){STR("b"), SIPWIRE_HOST_NAME, 0};
    to.params = (sipwire_params){";tag=1", 6, 1};
    sipwire_writer w = begun(NULL);
    assert_status(sipwire_write_field_to(&w, &to), OK);
    assert_status(sipwire_write_param(&w, STR("tag"), &tag), OK);
    assert_status(sipwire_write_param(&w, STR("tag"), &tag), E_DUPLICATE_PARAM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_star_behind_another_contact_is_refused),
        cmocka_unit_test(write_contact_behind_a_star_is_refused),
        cmocka_unit_test(write_star_alone_among_other_fields_is_written),
        cmocka_unit_test(write_content_length_before_the_start_line_is_refused),
        cmocka_unit_test(write_content_length_behind_the_end_is_refused),
        cmocka_unit_test(write_content_length_behind_an_error_keeps_the_error),
        cmocka_unit_test(write_request_uri_over_the_limit_is_refused),
        cmocka_unit_test(write_status_line_is_not_held_to_the_limit_of_uris),
        cmocka_unit_test(write_uri_ttl_over_255_is_refused),
        cmocka_unit_test(write_parameter_name_twice_is_refused),
        cmocka_unit_test(write_tel_parameter_name_twice_is_refused),
        cmocka_unit_test(write_challenge_parameter_name_twice_is_refused),
        cmocka_unit_test(write_param_that_stands_already_is_refused_where_there_is_room),
        cmocka_unit_test(write_region_with_another_member_is_not_read_beyond_its_end),
        cmocka_unit_test(write_names_within_what_a_member_replaces_are_no_parameters),
        cmocka_unit_test(write_parameter_name_twice_beside_a_member_is_refused),
        cmocka_unit_test(write_param_that_a_member_left_out_is_written),
        cmocka_unit_test(write_compares_the_first_32_parameters_without_a_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
