/* What several files of the library share, as the linker sees it: a static library has one space of names with the
 * program that it is linked into, so there everything begins with sipwire_.
 * SPDX-License-Identifier: MIT */
#ifndef SIPWIRE_LINKER_NAMES_H
#define SIPWIRE_LINKER_NAMES_H

/* Spares a load for each use of a table: nobody outside of the library can replace it. */
#if defined(__GNUC__)
#define SIPWIRE_INTERNAL __attribute__((visibility("hidden")))
#else
#define SIPWIRE_INTERNAL
#endif

#define alone_uri sipwire_alone_uri
#define alone_value sipwire_alone_value
#define host_of sipwire_host_of
#define machine_bare_text sipwire_machine_bare_text
#define machine_blame_cut sipwire_machine_blame_cut
#define machine_comment sipwire_machine_comment
#define machine_cut sipwire_machine_cut
#define machine_day sipwire_machine_day
#define machine_decimal sipwire_machine_decimal
#define machine_fail sipwire_machine_fail
#define machine_number sipwire_machine_number
#define machine_ordinal sipwire_machine_ordinal
#define machine_products sipwire_machine_products
#define machine_rows sipwire_machine_rows
#define machine_set_current sipwire_machine_set_current
#define machine_str sipwire_machine_str
#define machine_text sipwire_machine_text
#define machine_tolerate sipwire_machine_tolerate
#define param_blame sipwire_param_blame
#define param_flush sipwire_param_flush
#define param_region sipwire_param_region
#define param_runs sipwire_param_runs
#define param_scopes sipwire_param_scopes
#define param_split sipwire_param_split
#define param_store sipwire_param_store
#define put_refuse sipwire_put_refuse
#define reading_by_machine sipwire_reading_by_machine
#define reading_of sipwire_reading_of
#define reading_status sipwire_reading_status
#define shape_count sipwire_shape_count
#define shape_infos sipwire_shape_infos
#define straight_comma sipwire_straight_comma
#define tolerance_use sipwire_tolerance_use
#define tolerant_element sipwire_tolerant_element
#define tolerant_uri sipwire_tolerant_uri
#define uri_check_tel sipwire_uri_check_tel
#define uri_of_text sipwire_uri_of_text
#define uri_read sipwire_uri_read
#define value_of_text sipwire_value_of_text
#define uri_scope sipwire_uri_scope
#define value_rules sipwire_value_rules
#define write_begin_line sipwire_write_begin_line
#define write_fail sipwire_write_fail
#define write_fields sipwire_write_fields
#define write_languages sipwire_write_languages
#define write_leads sipwire_write_leads
#define write_method_rule sipwire_write_method_rule
#define write_name_rule sipwire_write_name_rule
#define write_name_is_new sipwire_write_name_is_new
#define write_name_stands sipwire_write_name_stands
#define write_name_twice sipwire_write_name_twice
#define write_pass_over_length sipwire_write_pass_over_length
#define write_place_line sipwire_write_place_line
#define write_reason_rule sipwire_write_reason_rule
#define write_runs sipwire_write_runs
#define write_single sipwire_write_single
#define write_took_line sipwire_write_took_line
#define write_typed sipwire_write_typed
#define write_uri_parts sipwire_write_uri_parts
#define write_value_rule sipwire_write_value_rule

#endif
