/* A program of somebody else's, C11 and C++17: touches each layer, and each macro and inline function that the two
 * languages may take in different ways. Prints the version, then what it read. */
#include <sipwire/sipwire.h>
#include <stdio.h>

static const char octets[] = "INVITE sip:bob@biloxi.example SIP/2.0\r\n"
                             "Via: SIP/2.0/TCP pc33.atlanta.example;branch=z9hG4bKnashds8\r\n"
                             "Call-ID: a84b4c76e66710\r\n"
                             "CSeq: 314159 INVITE\r\n"
                             "Content-Length: 0\r\n\r\n";

static void print(const char *what, sipwire_str text)
{
    printf("%s %.*s\n", what, (int)text.len, text.ptr);
}

/* The start of a response, with the Via that was read. */
static bool write_answer(const sipwire_via *via)
{
    char buf[256];
    size_t needed;
    sipwire_writer writer;
    sipwire_write_options options = SIPWIRE_WRITE_OPTIONS_INIT;
    options.names = SIPWIRE_NAMES_COMPACT;
    sipwire_writer_init(&writer, buf, sizeof buf, &options);
    sipwire_write_response(&writer, 200, SIPWIRE_LITERAL("Fine"));
    sipwire_write_field_via(&writer, via);
    if (sipwire_write_end(&writer, SIPWIRE_LITERAL(""), &needed, NULL) != SIPWIRE_OK)
        return false;
    printf("%.*s", (int)needed, buf);
    return true;
}

int main(void)
{
    sipwire_options options = SIPWIRE_OPTIONS_INIT;
    options.mode = SIPWIRE_STREAM;
    sipwire_framer framer;
    sipwire_frame frame;
    sipwire_error err;
    sipwire_row rows[16];
    sipwire_msg msg;
    sipwire_iter it;
    sipwire_via via;
    sipwire_cseq cseq;
    sipwire_framer_init(&framer, &options);
    sipwire_msg_init(&msg, rows, 16, &options);
    printf("%s %d.%d.%d\n", sipwire_version(), SIPWIRE_VERSION_MAJOR, SIPWIRE_VERSION_MINOR, SIPWIRE_VERSION_PATCH);
    if (sipwire_framer_scan(&framer, octets, sizeof octets - 1, &frame, &err) != SIPWIRE_OK ||
        sipwire_parse(&msg, octets, frame.total, &err) != SIPWIRE_OK) {
        printf("%s\n", sipwire_status_text((sipwire_status)err.status));
        return 1;
    }
    print("method", sipwire_span_str(msg.method_text, octets));
    print("first field", sipwire_row_name(&msg.rows[0], octets));
    print("its value", sipwire_row_value(&msg.rows[0], octets));
    sipwire_iter_begin(&it, &msg, octets, SIPWIRE_HEADER_VIA);
    if (sipwire_via_next(&it, &via, &err) != SIPWIRE_OK ||
        sipwire_get_cseq(&msg, octets, SIPWIRE_HEADER_CSEQ, &cseq, &err) != SIPWIRE_OK)
        return 1;
    print("host", via.host.text);
    printf("CSeq %d\n", (int)cseq.number);
    return !write_answer(&via);
}
