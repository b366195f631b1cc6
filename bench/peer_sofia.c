/* Apart from the other peers: its headers and theirs define the same names. */
#include <sofia-sip/msg.h>
#include <sofia-sip/msg_types.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>
#include <sofia-sip/sip_parser.h>
#include <sofia-sip/su.h>

#include "peers.h"

size_t peer_sofia(const mix_message *message)
{
    static int ready;
    if (!ready) {
        su_init();
        ready = 1;
    }
    msg_t *made = msg_make(sip_default_mclass(), 0, message->data, (ssize_t)message->len);
    sip_t *sip = made != NULL ? sip_object(made) : NULL;
    size_t fine = sip != NULL && sip->sip_error == NULL && (sip->sip_request != NULL || sip->sip_status != NULL);
    msg_destroy(made);
    return fine;
}
