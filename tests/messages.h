/* Messages to begin with when messages are mutated.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_TESTS_MESSAGES_H
#define SIPWIRE_TESTS_MESSAGES_H

static const char *const sample_messages[] = {
    "INVITE sip:bob@biloxi.example.com SIP/2.0\r\n"
    "Via: SIP/2.0/TCP client.atlanta.example.com:5060;branch=z9hG4bK74bf9\r\n"
    "Max-Forwards: 70\r\n"
    "From: Alice <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
    "To: Bob <sip:bob@biloxi.example.com>\r\n"
    "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
    "CSeq: 1 INVITE\r\n"
    "Contact: <sip:alice@client.atlanta.example.com;transport=tcp>\r\n"
    "Content-Type: application/sdp\r\n"
    "Content-Length: 7\r\n"
    "\r\n"
    "v=0\r\ns=",

    "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a;branch=z9hG4bK1\r\nf: <sip:a@b>;tag=1\r\nt: <sip:c@d>;tag=2\r\ni: x\r\n"
    "CSeq: 2 BYE\r\nl: 0\r\n\r\n",

    "MESSAGE sip:a@b SIP/2.0\r\nSubject: one\r\n two\r\n\t three\r\nFrom:\r\n <sip:a@b>\r\nTo: \r\n\t \r\nX-\xC3\xA4: "
    "no\r\n"
    "Organization: B\xC3\xBCro\r\nContent-Length:\r\n 2\r\n\r\nhi",

    "OPTIONS sip:carol@chicago.example.com SIP/2.0\r\nP-Asserted-Identity : \"Cullen\" "
    "<sip:fluffy@cisco.example.com>\r\n"
    "X-Unknown-Field-With-A-Rather-Long-Name-Indeed: value\r\nx\t: y\r\nAllow:\r\nAccept: \r\nContent-Length : "
    "0\r\n\r\n",

    "A a:b SIP/2.0\r\nl:0\r\n\r\n",

    "SIP/2.0 100 Trying\r\n\r\n",

    "BYE sip:x@y SIP/2.0\r\nWarning: 307 x \"a\\\x01z\"\r\nWWW-Authenticate: Digest realm=\"r\"\r\nContent-Length: "
    "00000000000001\r\n"
    "\r\nz",
};

#endif
