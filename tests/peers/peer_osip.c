/* Reads a message from stdin with GNU oSIP and prints what oSIP makes of it. Status 1 when it refuses the message. */
#include <osipparser2/osip_parser.h>
#include <stdio.h>

int main(void)
{
    static char octets[1 << 20];
    size_t len = fread(octets, 1, sizeof octets, stdin), printed = 0;
    osip_message_t *made;
    char *text;
    parser_init();
    if (osip_message_init(&made) != 0 || osip_message_parse(made, octets, len) != 0 ||
        osip_message_to_str(made, &text, &printed) != 0)
        return 1;
    return fwrite(text, 1, printed, stdout) == printed ? 0 : 2;
}
