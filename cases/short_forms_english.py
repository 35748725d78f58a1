"""English given names and what their bearers are called."""

from __future__ import annotations

# Full name: what is short for it.
ENGLISH = """
Abigail: Abby Gail Abbie
Albert: Al Bert Bertie
Alexander: Alex Al Sandy Xander Alec Lex
Alexandra: Alex Sandra Sandy Lexi Lexie
Alfred: Alf Alfie Fred Al
Amanda: Mandy Amy Manda
Andrew: Andy Drew
Anthony: Tony Ant Anton
Arthur: Art Artie
Barbara: Barb Babs Barbie
Benjamin: Ben Benny Benji Benjy
Bernard: Bernie Barney
Bradley: Brad
Caroline: Carrie Caz Caro Lynn Carol
Catherine: Cathy Kate Katie Cat Cath Kitty Cate
Katherine: Kathy Kate Katie Kat Kath Kitty Kay
Charles: Charlie Chuck Chas Chip Charley
Charlotte: Charlie Lottie Lotte Char
Christian: Chris
Christina: Chris Tina Chrissy
Christine: Chris Chrissie Tina Chrissy
Christopher: Chris Kit Topher Kris Christoph
Clifford: Cliff
Cynthia: Cindy Cyndi
Daniel: Dan Danny
Danielle: Dani Elle
David: Dave Davey Davie
Deborah: Deb Debbie Debby Debra
Dennis: Den Denny
Dominic: Dom Nick
Donald: Don Donnie Donny
Dorothy: Dot Dottie Dolly Dora
Douglas: Doug Dougie
Edmund: Ed Eddie Ned Ted
Edward: Ed Eddie Ted Ned Teddy Eddy
Edwin: Ed Eddie
Eleanor: Ellie Nell Nora Elle Nellie Ella
Elizabeth: Liz Beth Betty Eliza Lizzie Betsy Libby Lisa Bess Ellie Lizzy Elsie Bessie Betsey
Emily: Em Emmy Emma Millie
Emma: Em Emmy
Eugene: Gene
Evelyn: Eve Evie
Florence: Flo Flora Florrie
Frances: Fran Fanny Frankie Francie
Francis: Frank Fran Frankie
Franklin: Frank
Frederick: Fred Freddie Freddy Rick Fritz Fredrick
Gabrielle: Gabby Gabi Gaby
Geoffrey: Geoff Jeff
George: Georgie
Georgina: Georgie Gina
Gerald: Gerry Jerry
Gregory: Greg Gregg
Harold: Harry Hal
Harriet: Hattie Harry
Henry: Harry Hank Hal
Herbert: Bert Herb Bertie
Irene: Rena Renie
Isaac: Ike Zac
Isabella: Bella Izzy Isa Izzie
Jacob: Jake Jakey
Jacqueline: Jackie Jacqui Jacky
James: Jim Jimmy Jamie Jem Jimmie
Jane: Janie Jenny Jan
Janet: Jan Jen
Jason: Jay Jase
Jeffrey: Jeff Geoff
Jennifer: Jen Jenny Jenn Jennie
Jeremy: Jerry Jez Jem
Jessica: Jess Jessie
Joan: Joanie Jo
Joanna: Jo Joanne Anna
Joanne: Jo
John: Jack Johnny Jon Johnnie Jock
Jonathan: Jon Jonny Johnny Nathan Jonty
Joseph: Joe Joey Jo
Josephine: Jo Josie Jojo
Joshua: Josh
Judith: Judy Jude Judi
Julian: Jules Jule
Julia: Julie Jules
Kenneth: Ken Kenny
Kimberly: Kim Kimmy
Lawrence: Larry Lawrie Laurie Loz
Leonard: Len Lenny Leo Lennie
Lillian: Lily Lil Lilly
Louis: Lou Louie Lewis
Louise: Lou Lulu
Lucy: Lu Luce
Madeleine: Maddy Maddie Madge
Margaret: Maggie Peggy Meg Marge Greta Daisy Madge Margie Rita Peg Margot
Martha: Marty Mattie Patty
Martin: Marty
Mary: Molly Polly May Mamie Mae
Matilda: Tilly Mattie Tilda Maud
Matthew: Matt Matty Mat
Maximilian: Max
Maxwell: Max
Megan: Meg Meggie
Melissa: Mel Lissa Missy
Michael: Mike Mick Mickey Micky Mitch
Michelle: Shelly Chelle
Mitchell: Mitch
Nancy: Nan
Natalie: Nat Nattie Tally
Natasha: Tasha Nat
Nathan: Nate Nat
Nathaniel: Nate Nat Nathan
Nicholas: Nick Nicky Nico Klaus Nic
Nicola: Nicky Nikki Nic
Olivia: Liv Livvy Ollie Livia
Oliver: Ollie Olly Noll
Pamela: Pam Pammy
Patricia: Pat Patty Trish Tricia Patsy Trisha
Patrick: Pat Paddy Rick
Penelope: Penny Nell
Peter: Pete
Philip: Phil Pip
Phillip: Phil Pip
Phoebe: Phebe
Rachel: Rach Rae
Raymond: Ray
Rebecca: Becky Becca Bec Beck
Reginald: Reg Reggie
Richard: Rick Dick Rich Richie Ricky Dickie
Robert: Bob Rob Bobby Robbie Bert Bobbie
Roberta: Bobbie Robbie Berta
Roger: Rog
Roland: Roly Rolly
Ronald: Ron Ronnie Ronny
Rosemary: Rose Rosie Romy
Russell: Russ Rusty
Samantha: Sam Sammy
Samuel: Sam Sammy
Sandra: Sandy
Sarah: Sally Sadie Sal
Sebastian: Seb Bas
Simon: Si Sy
Stanley: Stan
Stephanie: Steph Stephie Steffi
Stephen: Steve Stevie Steph
Steven: Steve Stevie
Stuart: Stu
Susan: Sue Susie Suzy Sukie
Susannah: Sue Susie Suzy Anna
Sydney: Syd Sid
Terence: Terry Tel
Theodore: Theo Ted Teddy
Theresa: Terry Tess Tessa Terri Tracy
Thomas: Tom Tommy Thom
Timothy: Tim Timmy
Toby: Tobe
Valerie: Val
Veronica: Ronnie Roni Vera Nica
Victor: Vic
Victoria: Vicky Tori Vickie Vicki
Vincent: Vince Vinny Vin
Virginia: Ginny Ginger Gina
Vivian: Viv
Walter: Walt Wally Wat
Wilfred: Wilf Fred Will
William: Bill Will Billy Liam Willie Wills Willy
Winifred: Winnie Freda
Zachary: Zach Zac Zak Zack
"""
