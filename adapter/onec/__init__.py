"""The infobase: queries, metadata, catalogs and documents over the standard OData interface of 1C:Enterprise.

The interface is OData 3 in 1C's own dialect. Nothing here knows the name of a configuration's object: names come from
the mapping and are checked against `$metadata`.
"""
