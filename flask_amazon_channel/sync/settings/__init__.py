"""What a shop owner changes: the settings of accounts and stores.  Pages and command line go the same way.

kinds.py       every setting, what may be in it, and what becomes due when it changes
changing.py    storing, with the version that was read and a change set in the history
names.py       what settings and their choices are called
previewing.py  what would become of listings, decided with the changed settings and without storing them
undoing.py     taking a change set back, as a new change
copying.py     the settings of one store for others
"""
