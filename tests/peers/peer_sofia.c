/* Reads a message from stdin with Sofia-SIP and prints what Sofia-SIP makes of it. Status 1 when it refuses the message
 * or one of its header fields. */
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_types.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/su.h>
#include <sofia-sip/su_alloc.h>
#include <stdio.h>

int main(void)
{
    static char octets[1 << 20];
    size_t len = fread(octets, 1, sizeof octets, stdin), printed = 0;
    su_init();
    msg_t *made = msg_make(sip_default_mclass(), MSG_DO_CANONIC, octets, (ssize_t)len);
    sip_t *sip = made ? sip_object(made) : NULL;
    if (!sip || sip->sip_error || (!sip->sip_request && !sip->sip_status))
        return 1;
    su_home_t home[1] = {SU_HOME_INIT(home)};
    char *text = msg_as_string(home, made, NULL, MSG_DO_CANONIC, &printed);
    if (!text)
        return 1;
    return fwrite(text, 1, printed, stdout) == printed ? 0 : 2;
}
