/* What several files of the library share, as the linker sees it: a static library has one space of names with the program
 * that it is linked into, so there everything begins with sipwire_.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_LINKER_NAMES_H
#define SIPWIRE_LINKER_NAMES_H

#define host_of sipwire_host_of
#define machine_blame_cut sipwire_machine_blame_cut
#define machine_comment sipwire_machine_comment
#define machine_cut sipwire_machine_cut
#define machine_decimal sipwire_machine_decimal
#define machine_fail sipwire_machine_fail
#define machine_number sipwire_machine_number
#define machine_ordinal sipwire_machine_ordinal
#define machine_products sipwire_machine_products
#define machine_set_current sipwire_machine_set_current
#define machine_str sipwire_machine_str
#define machine_text sipwire_machine_text
#define param_blame sipwire_param_blame
#define param_flush sipwire_param_flush
#define param_region sipwire_param_region
#define param_split sipwire_param_split
#define shape_count sipwire_shape_count
#define shape_infos sipwire_shape_infos
#define uri_read sipwire_uri_read
#define value_rules sipwire_value_rules

#endif
