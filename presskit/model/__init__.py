"""What flows in: releases, people, agencies, rosters, boilerplates, the house, its theme and wording."""
