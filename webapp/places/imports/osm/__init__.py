"""Map data of OpenStreetMap → one sheet of buildings.

    XML, XML in bzip2, PBF → files ┐
                  Overpass JSON → overpass ┴→ Elements → buildings → Feature → sheet

Everything but `sheet` runs in a child process (`osm.child`).
"""
