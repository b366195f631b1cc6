/* Values that were read, changed in a member and written: every level writes the same octets or refuses the same
 * member, at any room.
 * SPDX-License-Identifier: MIT */
#include "support.h"

enum { MARGIN = 4, ROOM = 2048 };

static const char *const lines[] = {
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776asdhds;received=192.0.2.4;rport=5060",
    "Via: SIP/2.0/TCP host.example;maddr=[2001:db8::1];ttl=16;rport;branch=z9hG4bKnashds8",
    "Via: SIP/2.0/UDP [2001:db8::9:1];received=2001:db8::9:2;ttl=007;branch=z",
    "Via: SIP/2.0/UDP a-very-long-host-name.example.com:5061 ;branch=1 ; x=\"y z\"",
    "Via: SIP/2.0/UDP h;ttl=016;rport=05060;received=192.0.2.1",
    "From: \"Alice \\\"A\\\" Zo\xc3\xab\" "
    "<sip:alice@example.com;transport=tcp;maddr=192.0.2.9;ttl=1;lr>;tag=1928301774",
    "To: sip:bob@example.com;tag=a6c85cf",
    "Contact: <sips:caller@u1.example.com:5061;user=phone?a=b>;expires=3600;q=0.70;+sip.instance=\"<urn:uuid:00>\"",
    "Contact: <tel:+1-201-555-0123;phone-context=example.com>;q=1;expires=00",
    "Route: <sip:p1.example.com;lr>, <sip:p2.example.com;lr=on>;x",
    "Authorization: Digest username=\"bob\", realm=\"a\", nonce=\"ea9c\", uri=\"sip:b@c\", "
    "response=\"0123456789abcdef0123456789abcdef\"",
    "Proxy-Authenticate: Digest realm=\"atlanta\",nonce=\"f84f\" , opaque=\"\", stale=FALSE, algorithm=MD5",
    "Authentication-Info: nextnonce=\"47364c23\", qop=auth, nc=00000001, cnonce=\"0a\", rspauth=\"ab\"",
    "Content-Type: text/plain;charset=UTF-8",
    "Accept: text/*;q=0.5;a=b",
    "Content-Disposition: session;handling=optional;x",
    "Reason: SIP ;cause=600 ;text=\"Busy Everywhere\"",
    "User-Agent: Softphone/1.2 (a (b) \\)) x/y.z~",
    "Call-ID: f81d4fae-7dec-11d0-a765-00a0c91e6bf6@example.com",
    "CSeq: 4711 INVITE",
    "Max-Forwards: 070",
    "Subject: I know y\xc3\xb6u're there, pick up",
    "P-Asserted-Identity: \"A\" <sip:a@example.com>",
    "From: <sip:a@1.2.3.4:05060>;tag=1",
    "To: <sip:a@b:0;x>;tag=1;y",
    "Route: <sip:192.0.2.1:65535;lr>",
    "Contact: <sips:a-name-of-more-than-31-octets-in-all.example.com>;expires=10;q=0.125",
    "Contact: <sip:user-name%41.of-more-than-thirty-one-octets@h:5;transport=tcp>;q=1.0",
    "Contact: <SIP:1a.b-c.d1@e.f1;lr>;q=0.0",
    "From: \"J\xc3\xbcrgen \xe5\xb1\xb1\xe7\x94\xb0, a name that is longer than one vector\" <sip:1@2.a>;TAG=x",
    "Server: a (b\xc3\xa4 \\) (c)) d/e",
    "Security-Verify: ipsec-3gpp;q=0.1;alg=hmac-sha-1-96",
    "Retry-After: 120 (I'm in a meeting);duration=10",
    "Warning: 307 isi.edu \"Session 'a' not understood\"",
    "P-Access-Network-Info: 3GPP-UTRAN-TDD; utran-cell-id-3gpp=234151D0FCE11",
};

/* The numbers of all tests in a fixed order. */
static uint32_t draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525 + 1013904223;
    return (*seed >> 8) % below;
}

static void change_text(uint32_t *seed, const char **ptr, int64_t *len)
{
    switch (draw(seed, 6)) {
    case 0:
        *ptr = NULL;
        *len = 0;
        break;
    case 1:
        *len += *ptr != NULL;
        break;
    case 2:
        *len -= *len > 0;
        break;
    case 3:
        if (*ptr && *len > 0) {
            ++*ptr;
            --*len;
        }
        break;
    default:
        if (*ptr) {
            --*ptr;
            ++*len;
        }
    }
}

static void change_str(uint32_t *seed, sipwire_str *str)
{
    int64_t len = (int64_t)str->len;
    change_text(seed, &str->ptr, &len);
    str->len = (size_t)len;
}

static void change_octets(uint32_t *seed, const char **ptr, uint32_t *length)
{
    int64_t len = *length;
    change_text(seed, ptr, &len);
    *length = (uint32_t)len;
}

static void change_member(uint32_t *seed, const sipwire_member *member, void *at)
{
    sipwire_text *text = at;
    sipwire_host *host = at;
    sipwire_uri *uri = at;
    switch (member->kind) {
    case SIPWIRE_KIND_STR:
    case SIPWIRE_KIND_METHOD:
        change_str(seed, at);
        break;
    case SIPWIRE_KIND_TEXT:
    case SIPWIRE_KIND_COMMENT:
        if (draw(seed, 3) == 0)
            text->form = draw(seed, 3);
        else
            change_octets(seed, &text->ptr, &text->len);
        break;
    case SIPWIRE_KIND_HOST:
        if (draw(seed, 2) == 0)
            host->type = draw(seed, 4);
        else
            change_str(seed, &host->text);
        break;
    case SIPWIRE_KIND_URI: {
        sipwire_str *const parts[] = {&uri->user,        &uri->password, &uri->host.text, &uri->headers,
                                      &uri->scheme_text, &uri->raw,      &uri->raw};
        uint32_t which = draw(seed, 10);
        if (which < 7)
            change_str(seed, parts[which]);
        else if (which == 7)
            change_octets(seed, &uri->params.ptr, &uri->params.len);
        else if (which == 8)
            uri->port += (int32_t)draw(seed, 3) - 1;
        else
            uri->host.type = draw(seed, 4);
        break;
    }
    case SIPWIRE_KIND_PARAMS:
        change_octets(seed, &((sipwire_params *)at)->ptr, &((sipwire_params *)at)->len);
        break;
    case SIPWIRE_KIND_FLAG:
        *(bool *)at = !*(bool *)at;
        break;
    case SIPWIRE_KIND_NUMBER64:
    case SIPWIRE_KIND_HEX:
        *(int64_t *)at += (int64_t)draw(seed, 3) - 1;
        break;
    case SIPWIRE_KIND_NUMBER32:
    case SIPWIRE_KIND_QVALUE:
    case SIPWIRE_KIND_TRUTH:
    case SIPWIRE_KIND_ORDINAL:
        *(int32_t *)at += (int32_t)draw(seed, 3) - 1;
        break;
    default:
        break;
    }
}

/* What a level wrote. */
struct outcome {
    char octets[ROOM];
    size_t needed;
    sipwire_error err;
};

static void write_at(struct outcome *out, uint16_t header, const sipwire_value *value, size_t room)
{
    sipwire_writer w;
    memset(out, 0, sizeof *out);
    sipwire_writer_init(&w, out->octets, room, NULL);
    sipwire_write_response(&w, 200, (sipwire_str){0});
    sipwire_write_value(&w, header, value);
    sipwire_write_param(&w, STR("branch"), &(sipwire_text){"x", 1, SIPWIRE_PLAIN});
    w.error.status = w.error.status == SIPWIRE_E_USAGE ? SIPWIRE_OK : w.error.status; /* the field has no parameters */
    sipwire_write_end(&w, (sipwire_str){0}, &out->needed, &out->err);
    if (out->err.status != SIPWIRE_OK || out->needed > room)
        memset(out->octets, 0, sizeof out->octets);
    else
        memset(out->octets + out->needed, 0, sizeof out->octets - out->needed);
}

static void levels_agree(uint16_t header, const sipwire_value *value, size_t room)
{
    static struct outcome scalar, other;
    FOR_EACH_LEVEL(level)
    {
        struct outcome *out = level == SIPWIRE_LEVEL_SCALAR ? &scalar : &other;
        write_at(out, header, value, room);
        if (level == SIPWIRE_LEVEL_SCALAR)
            continue;
        if (!same_error(&scalar.err, &other.err))
            fail_msg("%s: %s at %u of %s, scalar %s at %u of %s, field %u", sipwire_level_name((sipwire_level)level),
                     sipwire_status_name((sipwire_status)other.err.status), other.err.offset,
                     sipwire_rule_name(other.err.rule), sipwire_status_name((sipwire_status)scalar.err.status),
                     scalar.err.offset, sipwire_rule_name(scalar.err.rule), header);
        assert_int_equal(scalar.needed, other.needed);
        assert_string_equal(scalar.octets, other.octets);
    }
}

static void read_line(const char *line, char *text, uint16_t *header, sipwire_value *value)
{
    const char *colon = strchr(line, ':');
    size_t len = strlen(colon + 2);
    memset(text, ' ', ROOM);
    memcpy(text + MARGIN, colon + 2, len);
    *header = sipwire_header_lookup((sipwire_str){line, (size_t)(colon - line)});
    sipwire_str rest;
    if (sipwire_value_parse(*header, (sipwire_str){text + MARGIN, len}, true, value, &rest, NULL) != SIPWIRE_OK)
        fail_msg("%s is refused", line);
}

static void value_changed_in_a_member_is_written_alike_at_all_levels(void **state)
{
    (void)state;
    static char text[ROOM];
    uint32_t seed = 3261;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        for (int round = 0; round < 400; round++) {
            sipwire_value value;
            uint16_t header;
            size_t count;
            read_line(lines[i], text, &header, &value);
            const sipwire_member *members = sipwire_shape_members((sipwire_shape)value.shape, &count);
            for (uint32_t changes = draw(&seed, 3); changes > 0 && count > 0; changes--) {
                const sipwire_member *member = &members[draw(&seed, (uint32_t)count)];
                change_member(&seed, member, (char *)&value.as + member->offset);
            }
            levels_agree(header, &value, round % 4 ? ROOM : draw(&seed, 300));
        }
    }
}

static void value_read_is_written_alike_at_all_levels_in_any_room(void **state)
{
    (void)state;
    static char text[ROOM];
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        sipwire_value value;
        uint16_t header;
        read_line(lines[i], text, &header, &value);
        for (size_t room = 0; room < 320; room++)
            levels_agree(header, &value, room);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(value_changed_in_a_member_is_written_alike_at_all_levels),
        cmocka_unit_test(value_read_is_written_alike_at_all_levels_in_any_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
